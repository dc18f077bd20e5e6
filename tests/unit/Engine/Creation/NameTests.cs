using Vitrine.Engine.Creation;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Creation;

public sealed class NameTests
{
    [Theory]
    [InlineData("web", true)]
    [InlineData("0a", true)]
    [InlineData("a_b.c-d", true)]
    [InlineData("a", false)]
    [InlineData("-ab", false)]
    [InlineData(".hidden", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("äb", false)]
    [InlineData("", false)]
    public void IsValid_Name_FollowsDockersGrammar(string name, bool valid) => Assert.Equal(valid, ObjectName.IsValid(name));

    [Fact]
    public void IsValid_LongerThanAFileName_IsNot() => Assert.False(ObjectName.IsValid(new string('a', 256)));

    [Fact]
    public void CheckContainer_InvalidName_SaysWhatDockerSays()
    {
        var error = Assert.Throws<VitrineException>(() => ObjectName.CheckContainer("a b"));

        Assert.Equal("Invalid container name (a b), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed", error.Message);
    }

    [Fact]
    public void CheckContainer_LeadingSlash_IsDropped() => Assert.Equal("web", ObjectName.CheckContainer("/web"));

    [Fact]
    public void Next_AnyAttempt_IsAValidNameOfTwoWords()
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var name = NameGenerator.Next(attempt);

            Assert.True(ObjectName.IsValid(name));
            Assert.Equal(2, name.Split('_').Length);
            Assert.Equal(attempt >= 3, char.IsAsciiDigit(name[^1]));
        }
    }

    [Fact]
    public void Words_AreUniqueAndLowerCase()
    {
        foreach (var words in new[] { NameWords.Adjectives, NameWords.Surnames })
        {
            Assert.Equal(words.Length, words.Distinct().Count());
            Assert.All(words, word => Assert.True(word.All(char.IsAsciiLetterLower)));
        }
    }
}

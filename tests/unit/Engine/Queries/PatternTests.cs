using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Engine.Queries;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Queries;

public sealed class PatternTests
{
    [Theory]
    [InlineData("web", "my-web-1", true)]
    [InlineData("^web", "my-web-1", false)]
    [InlineData("^/?web$", "/web", true)]
    [InlineData("web$", "web-1", false)]
    [InlineData("a|b|", "x", true)]
    [InlineData("^(a|b)+c?$", "abbac", true)]
    [InlineData("^x{2,3}$", "xxxx", false)]
    [InlineData("^x{2,}$", "xxxx", true)]
    [InlineData("^x{2}$", "xx", true)]
    [InlineData("^x{,2}$", "x{,2}", true)]
    [InlineData("^[a-c_\\d-]+$", "ab_1-", true)]
    [InlineData("^[^a-c]$", "b", false)]
    [InlineData("^[]x]$", "]", true)]
    [InlineData("\\.", "a.b", true)]
    [InlineData("^\\w+\\s\\W\\S\\D$", "ab !xy", true)]
    [InlineData("^(?:ab)*?$", "abab", true)]
    [InlineData(".", "\n", false)]
    [InlineData("(a*)*$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", true)]
    public void IsMatch_Pattern_FindsItInTheText(string pattern, string text, bool expected) =>
        Assert.Equal(expected, Pattern.Parse(pattern).IsMatch(text));

    [Theory]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("[a")]
    [InlineData("*a")]
    [InlineData("a{3,2}")]
    [InlineData("a{2000}")]
    [InlineData("((a{1000}){1000}){1000}")]
    [InlineData("[z-a]")]
    [InlineData("\\")]
    [InlineData("\\1")]
    [InlineData("(?i)a")]
    public void Parse_WrongPattern_IsRefused(string pattern) => Assert.Throws<FormatException>(() => Pattern.Parse(pattern));

    [Theory]
    [InlineData('(')]
    [InlineData('|')]
    [InlineData('a')]
    public void Parse_VeryLongPattern_IsRefusedAndNotOverflowing(char c) =>
        Assert.Throws<FormatException>(() => Pattern.Parse(new string(c, 100_000)));

    [Fact]
    public void IsMatch_AnyPattern_AnswersAsTheFrameworksRegex()
    {
        var pieces = Gen.Elements("a", "b", "-", ".", "*", "+", "?", "|", "(", ")", "(?:", "^", "$", "[ab]", "[^a]", "{1,2}", "{2}", "\\w", "\\d", "0");
        var patterns = Gen.ArrayOf(pieces).Select(string.Concat);
        var texts = Gen.ArrayOf(Gen.Elements('a', 'b', '-', '0')).Select(c => new string(c));
        Prop.ForAll(patterns.ToArbitrary(), texts.ToArbitrary(), (pattern, text) =>
        {
            if (TryFramework(pattern) is not { } regex)
                return;
            try
            {
                Assert.Equal(regex.IsMatch(text), Pattern.Parse(pattern).IsMatch(text));
            }
            catch (FormatException)
            {
                // Ours knows less; what it takes, it must mean.
            }
        }).Check(Properties.Config(3000));
    }

    private static Regex? TryFramework(string pattern)
    {
        try
        {
            // \z is what a pattern's $ means in Go.
            return new Regex(pattern.Replace("$", "\\z", StringComparison.Ordinal), RegexOptions.ECMAScript | RegexOptions.CultureInvariant);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

using Vitrine.Glass.Labs;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Labs;

/// <summary>Vitrine's own lessons, as far as one can tell without running them.</summary>
public sealed class LessonCatalogTests
{
    public static TheoryData<string> Names => [.. LessonCatalog.Names];

    [Fact]
    public void Lessons_AreNumberedFromOneOn() => Assert.Equal(Enumerable.Range(1, LessonCatalog.All().Count()), LessonCatalog.All().Select(lesson => lesson.Number));

    [Theory]
    [MemberData(nameof(Names))]
    public void Lesson_EveryStep_ExplainsRunsAndChecks(string name)
    {
        var lesson = LessonCatalog.Find(name);

        Assert.NotEmpty(lesson.Steps);
        Assert.All(lesson.Steps, step =>
        {
            Assert.True(step.Explanation.Length > 60, $"{step.Title}: explained in {step.Explanation.Length} characters");
            Assert.NotEmpty(step.Commands);
            Assert.NotEmpty(step.Checks);
        });
    }

    /// <summary>What never comes would end a step by the time limit, which says nothing of why.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Lesson_WhatIsWaitedFor_IsNotWaitedForForEver(string name) =>
        Assert.All(LessonCatalog.Find(name).Steps.SelectMany(step => step.Commands.Split('\n')).Where(line => line.Contains("until ", StringComparison.Ordinal) || line.Contains("while [", StringComparison.Ordinal)),
            line => Assert.Contains("|| [ $try = ", line, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Lesson_ByNameAndByNumber_IsTheSame(string name)
    {
        var lesson = LessonCatalog.Find(name);

        Assert.Equal(lesson.Title, LessonCatalog.Find($"{lesson.Number}").Title);
        Assert.StartsWith($"# {lesson.Title}\n", LessonCatalog.Source(name), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("99")]
    [InlineData("")]
    [InlineData("nothing")]
    public void Find_Unknown_SaysWhereTheyAreListed(string text) =>
        Assert.Contains("vitrine lab ls", Assert.Throws<VitrineException>(() => LessonCatalog.Find(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("./nowhere")]
    [InlineData("nowhere.md")]
    public void Find_FileThatIsNotThere_SaysSo(string path) =>
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<VitrineException>(() => LessonCatalog.Find(path)).Kind);

    [Fact]
    public void Scripts_AreInTheProgram() =>
        Assert.All(["SetUp.sh", "Eventually.sh"], script => Assert.NotEmpty(LessonCatalog.Script(script)));
}

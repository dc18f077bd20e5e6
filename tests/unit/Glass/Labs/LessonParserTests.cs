using FsCheck;
using FsCheck.Fluent;
using Vitrine.Glass.Labs;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Labs;

public sealed class LessonParserTests
{
    private static readonly Arbitrary<string[]> s_lines = Gen.Elements(
        "# T", "## S", "## U", "### V", "words", "", "only: cgroup v1", "only:", "```sh", "```check", "```", "``` ", "w: true", "> so", "> ", ">", ": x", "a:b")
        .ArrayOf().ToArbitrary();

    private const string Good = """
        # A title

        The introduction,
        of two lines.

        And a second paragraph.

        ## First
        only: cgroup v1
        only: program tar

        Why it is done.

        ```sh
        echo one
          # not a heading
        echo "## nor this"
        ```
        ```check
        it says one: grep -qx one $OUT

        a colon in the command: test "a: b" = "a: b"
        ```

        > What it meant,
        > in two lines.

        ## Second
        Explained.
        ```sh
        true
        ```
        ```check
        it is: true
        ```
        """;

    [Fact]
    public void Lesson_IsReadWhole()
    {
        var lesson = Parse(Good);

        Assert.Equal(("A title", "The introduction,\nof two lines.\n\nAnd a second paragraph."), (lesson.Title, lesson.Introduction));
        Assert.Equal(["First", "Second"], lesson.Steps.Select(step => step.Title));
        var first = lesson.Steps[0];
        Assert.Equal(["cgroup v1", "program tar"], first.Conditions);
        Assert.Equal("Why it is done.", first.Explanation);
        Assert.Equal("echo one\n  # not a heading\necho \"## nor this\"", first.Commands);
        Assert.Equal([new("it says one", "grep -qx one $OUT"), new LessonCheck("a colon in the command", "test \"a: b\" = \"a: b\"")], first.Checks);
        Assert.Equal("What it meant,\nin two lines.", first.Meaning);
        Assert.Empty(lesson.Steps[1].Conditions);
        Assert.Equal("", lesson.Steps[1].Meaning);
    }

    [Fact]
    public void Lesson_WithLineEndsOfWindows_IsTheSame()
    {
        var (unix, windows) = (Parse(Good), Parse(Good.Replace("\n", "\r\n")));

        Assert.Equal(unix.Introduction, windows.Introduction);
        Assert.Equal(unix.Steps.Select(step => step.Commands), windows.Steps.Select(step => step.Commands));
        Assert.Equal(unix.Steps.SelectMany(step => step.Checks), windows.Steps.SelectMany(step => step.Checks));
    }

    [Theory]
    [InlineData("", "no title")]
    [InlineData("# T\nintro\n", "no step")]
    [InlineData("# T\n## S\nwhy\n```sh\ntrue\n```\n```check\nw: true\n```\n", "no introduction")]
    [InlineData("words\n# T\nintro\n", "line 1: text before the title")]
    [InlineData("# T\nintro\n# U\n", "line 3: a second title")]
    [InlineData("# T\nintro\n### S\n", "line 3: headings are")]
    [InlineData("## S\n", "line 1: a step before the title")]
    [InlineData("# T\nintro\n```sh\ntrue\n```\n", "line 3: a block outside of a step")]
    [InlineData("# T\nintro\n## S\n```sh\ntrue\n```\n```check\nw: true\n```\n", "line 3: step 'S' explains nothing")]
    [InlineData("# T\nintro\n## S\nwhy\n", "line 3: step 'S' has no commands")]
    [InlineData("# T\nintro\n## S\nwhy\n```sh\ntrue\n```\n", "line 3: step 'S' checks nothing")]
    [InlineData("# T\nintro\n## S\nwhy\n```sh\n\n```\n", "line 5: a block of sh without commands")]
    [InlineData("# T\nintro\n## S\nwhy\n```sh\ntrue\n```\n```sh\ntrue\n```\n", "line 8: a second block of sh")]
    [InlineData("# T\nintro\n## S\nwhy\n```check\nw: true\n```\n", "line 5: checks before the commands")]
    [InlineData("# T\nintro\n## S\nwhy\n```python\npass\n```\n", "line 5: a block of 'python'")]
    [InlineData("# T\nintro\n## S\nwhy\n```sh\ntrue\n", "line 5: the block that begins here has no end")]
    [InlineData("# T\nintro\n## S\nwhy\n```sh\ntrue\n```\n```check\nno command\n```\n", "line 9: a check is written")]
    [InlineData("# T\nintro\n## S\nwhy\n```sh\ntrue\n```\n```check\nempty: \n```\n", "line 9: a check is written")]
    [InlineData("# T\nintro\n## S\nwhy\n```sh\ntrue\n```\nlate\n", "line 8: text behind the commands")]
    [InlineData("# T\nintro\n## S\nwhy\nonly: cgroup v1\n", "line 5: 'only:' belongs right below")]
    [InlineData("# T\nintro\n## S\nonly: good weather\nwhy\n", "line 4: nobody knows the condition 'good weather'")]
    [InlineData("# T\nintro\n## S\nonly: program\nwhy\n", "line 4: nobody knows the condition 'program'")]
    [InlineData("# T\nintro\n## S\nwhy\n```sh\ntrue\n```\n```check\nw: true\n```\n## S\nwhy\n", "line 11: two steps are called 'S'")]
    public void Mistake_IsNamedWithItsLine(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<VitrineException>(() => Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Mistakes_AreNamedAllAtOnce()
    {
        var message = Assert.Throws<VitrineException>(() => Parse("# T\nintro\n## S\nonly: rain\n```sh\ntrue\n```\n```check\nx\ny\n```\n```js\n```\n")).Message;

        Assert.StartsWith("lesson.md is no well-formed lesson:\n", message, StringComparison.Ordinal);
        Assert.Equal(["line 3", "line 3", "line 4", "line 9", "line 10", "line 12"], message.Split('\n').Skip(1).Select(line => line.Trim().Split(':')[0]));
    }

    [Fact]
    public void AnyLines_AreALessonOrInvalid() => Check.One(Properties.Config(500), Prop.ForAll(s_lines, lines =>
    {
        try
        {
            return Parse(string.Join('\n', lines)).Steps.Count > 0;
        }
        catch (VitrineException e)
        {
            return e.Kind == ErrorKind.Invalid;
        }
    }));

    private static Lesson Parse(string text) => LessonParser.Parse(text, 0, "test", "lesson.md");
}

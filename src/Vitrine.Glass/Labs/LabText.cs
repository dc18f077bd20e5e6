using Vitrine.Commands.Output;
using Vitrine.Glass.Explain;
using Vitrine.Linux;

namespace Vitrine.Glass.Labs;

/// <summary>Puts lessons and what comes of them on paper.</summary>
internal sealed class LabText
{
    private const string Indent = "    ";
    private const int TabWidth = 8;
    private const int OutputMargin = 4;

    private readonly DescriptorWriter _output;
    private readonly ExplainStyle _style;
    private readonly Paper _paper;
    private readonly bool _wraps;

    public LabText(Screen screen)
    {
        _output = screen.Out;
        _wraps = screen.OutputIsTerminal;
        _style = ExplainStyle.Of(screen);
        _paper = new Paper(_output, _style);
    }

    /// <summary>Columns that a line of the commands has; null where nobody looks at it on a terminal.</summary>
    public int? OutputColumns => _wraps ? _paper.Width - OutputMargin : null;

    /// <summary>A lesson's title and introduction.</summary>
    public void Lesson(Lesson lesson)
    {
        _paper.Heading(lesson.Number > 0 ? $"Lesson {lesson.Number}: {lesson.Title}" : lesson.Title);
        Paragraphs(lesson.Introduction);
    }

    /// <summary>A step before it is run: why, and what.</summary>
    public void Step(Lesson lesson, int number)
    {
        var step = lesson.Steps[number - 1];
        Title(lesson, number, step);
        Paragraphs(step.Explanation);
        foreach (var line in step.Commands.Split('\n'))
            Verbatim(line, Ink.Accent);
        Flush();
    }

    /// <summary>A step that does not apply.</summary>
    public void Skipped(Lesson lesson, int number, string reason)
    {
        Title(lesson, number, lesson.Steps[number - 1]);
        Note($"left out: {reason}");
    }

    /// <summary>The empty line before what the commands say.</summary>
    public void Begin() => _paper.Line();

    /// <summary>A line that the commands said; one that is too long for the terminal goes on behind the bar too.</summary>
    public void Output(string line)
    {
        var bar = Paper.Painted(_paper.Glyph("│", "|"), Ink.Faint, _style.Colour);
        var rest = Plain(line);
        do
        {
            var end = Math.Min(OutputColumns ?? rest.Length, rest.Length);
            if (end > 0 && end < rest.Length && char.IsHighSurrogate(rest[end - 1]))
                end++;
            _output.Write($"  {bar} {rest[..end]}".TrimEnd(' ') + "\n");
            rest = rest[end..];
        }
        while (rest.Length > 0);
        Flush();
    }

    /// <summary>A check, and where it does not hold what it is and what it said.</summary>
    public void Check(CheckReport report)
    {
        _paper.Labelled(report.Holds ? new Cell(_paper.Glyph("✓", "ok"), Ink.Good) : new Cell(_paper.Glyph("✗", "no"), Ink.Bad), 2, new Cell(report.Check.Words));
        if (!report.Holds)
        {
            Verbatim($"{Indent}expected to succeed: {report.Check.Command}", Ink.Bad);
            foreach (var line in report.Output.TrimEnd('\n').Split('\n').Where(line => line.Length > 0))
                Output(line);
        }

        Flush();
    }

    /// <summary>Something that went wrong besides the checks.</summary>
    public void Problem(string text)
    {
        _paper.Labelled(new Cell(_paper.Glyph("✗", "no"), Ink.Bad), 2, new Cell(text, Ink.Bad));
        Flush();
    }

    /// <summary>What a step meant.</summary>
    public void Meaning(string text)
    {
        if (text.Length == 0)
            return;
        _paper.Line();
        Paragraphs(text);
        Flush();
    }

    /// <summary>That the user wants no more, in the middle of something.</summary>
    public void Interrupted()
    {
        _paper.Line();
        Note("Interrupted: the lesson ends, and its sandbox is removed.");
    }

    /// <summary>What a person may do now.</summary>
    public void Question(string text)
    {
        _output.Write($"\n{Paper.Painted(text, Ink.Strong, _style.Colour)} ");
        Flush();
    }

    /// <summary>A remark of this program's own.</summary>
    public void Note(string text)
    {
        _paper.Line(text, Ink.Faint);
        Flush();
    }

    /// <summary>How a lesson ended.</summary>
    public void End(LessonReport report)
    {
        int Count(StepState state) => report.Steps.Count(step => step.State == state);
        var words = new List<string> { $"{Count(StepState.Passed)} of {report.Steps.Count} steps passed" };
        foreach (var (state, name) in (ReadOnlySpan<(StepState, string)>)[(StepState.Failed, "failed"), (StepState.Skipped, "left out"), (StepState.NotRun, "not run")])
        {
            if (Count(state) is > 0 and var count)
                words.Add($"{count} {name}");
        }

        _paper.Line();
        _paper.Line($"{Capital(report.Lesson.Label)}: {string.Join(", ", words)}", report.Passed ? Ink.Good : Ink.Bad);
        Flush();
    }

    /// <summary>A whole lesson, to read.</summary>
    public void Whole(Lesson lesson)
    {
        Lesson(lesson);
        for (var number = 1; number <= lesson.Steps.Count; number++)
        {
            var step = lesson.Steps[number - 1];
            Step(lesson, number);
            _paper.Line();
            foreach (var condition in step.Conditions)
                _paper.Line($"  only where the host has: {condition}", Ink.Faint);
            foreach (var check in step.Checks)
                _paper.Labelled(new Cell(_paper.Glyph("✓", "ok"), Ink.Faint), 2, new Cell(check.Words), new Cell(check.Command, Ink.Faint));
            Meaning(step.Meaning);
        }
    }

    /// <summary>A table of lessons.</summary>
    public void List(IReadOnlyList<Lesson> lessons)
    {
        _paper.Table([new Column("", Right: true), "NAME", new Column("STEPS", Right: true), "LESSON"],
            [.. lessons.Select(lesson => new Cell[] { $"{lesson.Number}", new(lesson.Name, Ink.Strong), $"{lesson.Steps.Count}", lesson.Title })]);
        Flush();
    }

    private void Title(Lesson lesson, int number, LessonStep step) =>
        _paper.Heading(lesson.Number > 0 ? $"{lesson.Number}.{number} {step.Title}" : $"{number}. {step.Title}");

    /// <summary>Lines that follow each other are one paragraph, but those of lists, tables and what is indented.</summary>
    private void Paragraphs(string text)
    {
        var paragraph = "";
        foreach (var line in text.Split('\n').Append(""))
        {
            var begins = line.Length == 0 || line[0] is ' ' or '|' or '-' or '*' && line[..Math.Min(2, line.Length)] != "**" || (char.IsAsciiDigit(line[0]) && line.Contains(". ", StringComparison.Ordinal));
            if (begins && paragraph.Length > 0)
            {
                _paper.Line(paragraph);
                paragraph = "";
                if (line.Length == 0)
                    _paper.Line();
            }

            paragraph = paragraph.Length > 0 ? $"{paragraph} {line.Trim()}" : line;
        }
    }

    private void Verbatim(string line, Ink ink) => _output.Write($"{Indent}{Paper.Painted(Plain(line), ink, _style.Colour)}".TrimEnd(' ') + "\n");

    /// <summary>Harmless for a terminal, with tabs as blanks.</summary>
    private static string Plain(string line)
    {
        while (line.IndexOf('\t', StringComparison.Ordinal) is >= 0 and var at)
            line = line[..at] + new string(' ', TabWidth - at % TabWidth) + line[(at + 1)..];
        return VisibleText.Of(line);
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private void Flush() => _output.Flush();
}

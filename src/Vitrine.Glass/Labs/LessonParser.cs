using System.Text;

namespace Vitrine.Glass.Labs;

/// <summary>
/// Reads a lesson from Markdown (docs/lab.md): a title, an introduction, and steps of an explanation, one block of <c>sh</c>, blocks
/// of <c>check</c>, and a quotation that says what it meant. Everything that is wrong is named at once.
/// </summary>
internal sealed class LessonParser
{
    private const string Fence = "```";
    private const string ConditionMark = "only:";

    private readonly List<(int Line, string What)> _problems = [];
    private readonly List<LessonStep> _steps = [];
    private readonly StringBuilder _introduction = new();
    private string? _title;
    private StepInMaking? _step;
    private int _line;

    /// <summary>Reads a lesson.</summary>
    /// <param name="text">The Markdown.</param>
    /// <param name="number">Its number, or 0.</param>
    /// <param name="name">What it is called by.</param>
    /// <param name="source">What messages call the text.</param>
    /// <exception cref="VitrineException">Invalid: every problem, with its line.</exception>
    public static Lesson Parse(string text, int number, string name, string source)
    {
        var parser = new LessonParser();
        var lesson = parser.Read(text.Split('\n'), number, name);
        return parser._problems.Count == 0
            ? lesson
            : throw new VitrineException(ErrorKind.Invalid, $"{source} is no well-formed lesson:\n  {string.Join("\n  ", parser.Problems)}");
    }

    private IEnumerable<string> Problems => _problems.OrderBy(problem => problem.Line).Select(problem => $"line {problem.Line}: {problem.What}");

    private Lesson Read(string[] lines, int number, string name)
    {
        string? block = null;
        var (blockLine, content) = (0, new StringBuilder());
        foreach (var raw in lines)
        {
            _line++;
            var line = raw.TrimEnd('\r', ' ', '\t');
            if (block is null && line.StartsWith(Fence, StringComparison.Ordinal))
                (block, blockLine) = (line[Fence.Length..].Trim(), _line);
            else if (block is null)
                Text(line);
            else if (line == Fence)
            {
                Block(block, blockLine, content.ToString().Trim('\n'));
                content.Clear();
                block = null;
            }
            else
                content.Append(raw.TrimEnd('\r')).Append('\n');
        }

        if (block is not null)
            Problem(blockLine, $"the block that begins here has no end: a line of {Fence}");
        FinishStep();
        if (_title is null)
            Problem(1, "it has no title: a first line of '# Title'");
        else if (_introduction.ToString().Trim().Length == 0)
            Problem(1, "it has no introduction below its title");
        if (_steps.Count == 0 && _problems.Count == 0)
            Problem(_line, "it has no step: a line of '## Title'");
        return new Lesson(number, name, _title ?? "", _introduction.ToString().Trim(), _steps);
    }

    private void Text(string line)
    {
        if (line.StartsWith("## ", StringComparison.Ordinal))
            BeginStep(line[3..].Trim());
        else if (line.StartsWith("# ", StringComparison.Ordinal))
            Title(line[2..].Trim());
        else if (line.StartsWith("##", StringComparison.Ordinal))
            Problem(_line, "headings are '# Title of the lesson' and '## Title of a step'");
        else if (_step is { } step)
            StepText(step, line);
        else if (_title is not null)
            _introduction.Append(line).Append('\n');
        else if (line.Length > 0)
            Problem(_line, "text before the title");
    }

    private void Title(string text)
    {
        if (_title is not null)
            Problem(_line, "a second title: a lesson has one line of '# Title'");
        _title ??= text;
    }

    private void BeginStep(string title)
    {
        FinishStep();
        if (_title is null)
            Problem(_line, "a step before the title");
        if (_steps.Exists(step => step.Title == title))
            Problem(_line, $"two steps are called '{title}'");
        _step = new StepInMaking(title, _line);
    }

    private void StepText(StepInMaking step, string line)
    {
        if (line.StartsWith(ConditionMark, StringComparison.Ordinal))
            Condition(step, line[ConditionMark.Length..].Trim());
        else if (line.StartsWith('>'))
            step.Meaning.Append(line[1..].TrimStart(' ')).Append('\n');
        else if (step.Commands is null)
            step.Explanation.Append(line).Append('\n');
        else if (line.Length > 0)
            Problem(_line, "text behind the commands: explain before them, and begin lines that say what it meant with '> '");
    }

    private void Condition(StepInMaking step, string condition)
    {
        if (step.Explanation.ToString().Trim().Length > 0)
            Problem(_line, $"'{ConditionMark}' belongs right below the step's title");
        if (!LessonCondition.IsKnown(condition))
            Problem(_line, $"nobody knows the condition '{condition}': there are {LessonCondition.Known}");
        step.Conditions.Add(condition);
    }

    private void Block(string kind, int line, string content)
    {
        if (_step is not { } step)
        {
            Problem(line, "a block outside of a step");
            return;
        }

        switch (kind)
        {
            case "sh" when step.Commands is not null:
                Problem(line, "a second block of sh: a step has one");
                break;
            case "sh" when content.Trim().Length == 0:
                Problem(line, "a block of sh without commands");
                break;
            case "sh":
                step.Commands = content;
                break;
            case "check" when step.Commands is null:
                Problem(line, "checks before the commands");
                break;
            case "check":
                Checks(step, line, content);
                break;
            default:
                Problem(line, $"a block of '{kind}': there are sh and check");
                break;
        }
    }

    private void Checks(StepInMaking step, int blockLine, string content)
    {
        var line = blockLine;
        foreach (var text in content.Split('\n'))
        {
            line++;
            if (text.Trim().Length == 0)
                continue;
            var colon = text.IndexOf(": ", StringComparison.Ordinal);
            if (colon <= 0 || text[(colon + 2)..].Trim().Length == 0)
                Problem(line, "a check is written 'what must hold: command'");
            else
                step.Checks.Add(new LessonCheck(text[..colon].Trim(), text[(colon + 2)..].Trim()));
        }
    }

    private void FinishStep()
    {
        if (_step is not { } step)
            return;
        _step = null;
        if (step.Title.Length == 0)
            Problem(step.Line, "a step without a title");
        if (step.Explanation.ToString().Trim().Length == 0)
            Problem(step.Line, $"step '{step.Title}' explains nothing");
        if (step.Commands is null)
            Problem(step.Line, $"step '{step.Title}' has no commands: a block of {Fence}sh");
        if (step.Checks.Count == 0)
            Problem(step.Line, $"step '{step.Title}' checks nothing: a block of {Fence}check");
        _steps.Add(new LessonStep
        {
            Title = step.Title,
            Conditions = step.Conditions,
            Explanation = step.Explanation.ToString().Trim(),
            Commands = step.Commands ?? "",
            Checks = step.Checks,
            Meaning = step.Meaning.ToString().Trim(),
        });
    }

    private void Problem(int line, string what) => _problems.Add((line, what));

    private sealed class StepInMaking(string title, int line)
    {
        public string Title { get; } = title;
        public int Line { get; } = line;
        public List<string> Conditions { get; } = [];
        public StringBuilder Explanation { get; } = new();
        public string? Commands { get; set; }
        public List<LessonCheck> Checks { get; } = [];
        public StringBuilder Meaning { get; } = new();
    }
}

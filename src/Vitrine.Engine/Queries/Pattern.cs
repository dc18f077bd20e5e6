namespace Vitrine.Engine.Queries;

/// <summary>
/// A regular expression, as the filters of docker's verbs take them. All ways through the automaton are followed at once, so
/// that no pattern takes longer than its length times the text's: patterns may come over a socket. (The framework's Regex
/// would be half a megabyte of the CLI.)
/// </summary>
internal sealed class Pattern
{
    private readonly Step _start;

    private Pattern(Step start) => _start = start;

    /// <exception cref="FormatException">Not a pattern; see <see cref="PatternParser"/> for what is.</exception>
    public static Pattern Parse(string text) => new(PatternParser.Parse(text));

    /// <summary>Whether any part of the text matches.</summary>
    public bool IsMatch(string text)
    {
        var reached = new HashSet<Step>(ReferenceEqualityComparer.Instance);
        for (var position = 0; position <= text.Length; position++)
        {
            Follow(_start, position, text.Length, reached);
            var next = new HashSet<Step>(ReferenceEqualityComparer.Instance);
            foreach (var step in reached)
            {
                if (step.Kind is StepKind.Match)
                    return true;
                if (position < text.Length && step.Kind is StepKind.Character && step.Accepts!(text[position]))
                    Follow(step.Next!, position + 1, text.Length, next);
            }

            reached = next;
        }

        return false;
    }

    /// <summary>Adds a step and all that can be reached from it without taking a character.</summary>
    private static void Follow(Step step, int position, int length, HashSet<Step> reached)
    {
        var open = new Stack<Step>([step]);
        while (open.TryPop(out var current))
        {
            if (!reached.Add(current))
                continue;
            var passes = current.Kind switch
            {
                StepKind.Fork => true,
                StepKind.Start => position == 0,
                StepKind.End => position == length,
                _ => false,
            };
            if (!passes)
                continue;
            open.Push(current.Next!);
            if (current.Other is { } other)
                open.Push(other);
        }
    }
}

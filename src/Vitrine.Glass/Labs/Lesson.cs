namespace Vitrine.Glass.Labs;

/// <summary>A guided lesson: steps that explain, run and check something real.</summary>
/// <param name="Number">Its place among Vitrine's own; 0 for a file of somebody's.</param>
/// <param name="Name">One word by which it is called.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Introduction">Paragraphs.</param>
/// <param name="Steps">At least one.</param>
internal sealed record Lesson(int Number, string Name, string Title, string Introduction, IReadOnlyList<LessonStep> Steps)
{
    /// <summary>What messages call it.</summary>
    public string Label => Number > 0 ? $"lesson {Number} ({Name})" : $"lesson {Name}";
}

/// <summary>One step of a lesson.</summary>
internal sealed record LessonStep
{
    public required string Title { get; init; }

    /// <summary>What the host must offer for the step to apply; see <see cref="LessonCondition"/>.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [];

    /// <summary>Paragraphs before the commands: what is done and why.</summary>
    public required string Explanation { get; init; }

    /// <summary>What <c>sh -eu</c> runs.</summary>
    public required string Commands { get; init; }

    /// <summary>What must hold after the commands; at least one.</summary>
    public required IReadOnlyList<LessonCheck> Checks { get; init; }

    /// <summary>What it meant, shown after the checks; empty for nothing.</summary>
    public string Meaning { get; init; } = "";
}

/// <summary>Something that must hold after a step's commands.</summary>
/// <param name="Words">What, in words.</param>
/// <param name="Command">A shell command that succeeds where it does.</param>
internal sealed record LessonCheck(string Words, string Command);

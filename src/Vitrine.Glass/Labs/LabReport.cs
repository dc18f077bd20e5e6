namespace Vitrine.Glass.Labs;

/// <summary>What became of a step.</summary>
internal enum StepState
{
    /// <summary>Every check held.</summary>
    Passed,

    /// <summary>The commands failed, or a check did not hold.</summary>
    Failed,

    /// <summary>It does not apply here, or the user passed it over.</summary>
    Skipped,

    /// <summary>The lesson ended before it.</summary>
    NotRun,
}

/// <summary>A check of a step, as it turned out.</summary>
internal sealed record CheckReport(LessonCheck Check, bool Holds, string Output);

/// <summary>A step, as it turned out.</summary>
internal sealed record StepReport
{
    public required LessonStep Step { get; init; }
    public required StepState State { get; init; }

    /// <summary>Why it was skipped or failed; null where that needs no word.</summary>
    public string? Reason { get; init; }

    public string Output { get; init; } = "";
    public IReadOnlyList<CheckReport> Checks { get; init; } = [];
    public TimeSpan Took { get; init; }
}

/// <summary>A lesson, as it turned out.</summary>
internal sealed record LessonReport(Lesson Lesson, IReadOnlyList<StepReport> Steps)
{
    /// <summary>All that was run held. A lesson of which nothing could be run has shown nothing.</summary>
    public bool Passed => (Ran || WasLeft) && Steps.All(step => step.State is not StepState.Failed);

    private bool Ran => Steps.Any(step => step.State is StepState.Passed or StepState.Failed);

    /// <summary>Whether the user had enough of it.</summary>
    public bool WasLeft { get; init; }

    /// <summary>A line for each failed step: lesson, step, and what was expected; or that no step was run.</summary>
    public IEnumerable<string> Failures => !Ran && !WasLeft ? [$"{Lesson.Label}: none of its steps was run here"]
        : Steps.Select((step, index) => (step, index)).Where(one => one.step.State == StepState.Failed)
            .Select(one => $"{Lesson.Label}, step {one.index + 1} ({one.step.Step.Title}): {one.step.Reason}");
}

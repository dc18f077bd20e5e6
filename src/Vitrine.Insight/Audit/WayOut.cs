namespace Vitrine.Insight.Audit;

/// <summary>Whether a way out of a container is open.</summary>
public enum Verdict
{
    /// <summary>One of its preconditions is not met.</summary>
    Closed,

    /// <summary>None is known not to be met, but not all are known.</summary>
    Unknown,

    /// <summary>All are met.</summary>
    Open,
}

/// <summary>A known way out of a container, and how far this one is from it. Looked at from outside; nothing is tried.</summary>
public sealed record WayOut
{
    public required RuleInfo Rule { get; init; }

    public required Verdict Verdict { get; init; }

    public required IReadOnlyList<Precondition> Preconditions { get; init; }

    /// <summary>How it goes, step by step, in words.</summary>
    public required IReadOnlyList<string> Steps { get; init; }
}

/// <summary>Something that must be so for a way to be open.</summary>
/// <param name="Text">What must be so.</param>
/// <param name="IsMet">Whether it is; null where that cannot be told.</param>
/// <param name="Reason">What was seen, or why it is not known.</param>
/// <param name="Source">The file it was read from.</param>
public sealed record Precondition(string Text, bool? IsMet, string Reason, string Source);

namespace Vitrine.Insight;

/// <summary>One thing that is set: what, how we know, and what it means.</summary>
public sealed record Fact
{
    /// <summary>Short name, stable: scripts may look for it.</summary>
    public required string Name { get; init; }

    /// <summary>What is set, in words for people; null where it could not be read.</summary>
    public string? Value { get; init; }

    /// <summary>One plain sentence: what it means for the container.</summary>
    public string? Meaning { get; init; }

    /// <summary>The file it was read from.</summary>
    public required string Source { get; init; }

    /// <summary>Why it could not be read, for example <c>EACCES: permission denied</c>.</summary>
    public string? Error { get; init; }
}

/// <summary>How much a weakening matters.</summary>
public enum Severity
{
    /// <summary>Good to know; harmless in itself.</summary>
    Note,

    /// <summary>Weakens one wall; another still stands.</summary>
    Low,

    /// <summary>Exposes other containers or secrets, or helps an attack on the host.</summary>
    Medium,

    /// <summary>Root inside can reach the host with little effort.</summary>
    High,

    /// <summary>There is no wall here: who is in the container is on the host.</summary>
    Critical,
}

/// <summary>What weakens the container, and the way out.</summary>
public sealed record Warning
{
    public required Severity Severity { get; init; }

    /// <summary>Stable identifier, <c>section.subject</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What is weak and what an attacker gains by it.</summary>
    public required string Message { get; init; }

    /// <summary>What to change, or null where nothing can be.</summary>
    public string? Fix { get; init; }

    /// <summary>The same warnings, worst first; of equal ones the first comes first.</summary>
    internal static IReadOnlyList<Warning> WorstFirst(List<Warning> warnings)
    {
        var ordered = new List<Warning>(warnings.Count);
        for (var severity = Severity.Critical; severity >= Severity.Note; severity--)
            ordered.AddRange(warnings.FindAll(warning => warning.Severity == severity));
        return ordered;
    }
}

/// <summary>What every section of an explanation has.</summary>
public abstract record Section
{
    /// <summary>Single settings, in the order in which they are best read.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    /// <summary>What weakens this mechanism here, worst first.</summary>
    public IReadOnlyList<Warning> Warnings { get; init; } = [];
}

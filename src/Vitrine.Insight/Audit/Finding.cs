namespace Vitrine.Insight.Audit;

/// <summary>What was read, and where.</summary>
/// <param name="Source">The file or field.</param>
/// <param name="Value">What it said; never a secret.</param>
public sealed record Evidence(string Source, string Value);

/// <summary>A weakness that is there.</summary>
public sealed record Finding
{
    public required RuleInfo Rule { get; init; }

    /// <summary>Whose weakness: the container's name, <c>host</c>, or the socket.</summary>
    public required string Subject { get; init; }

    public required Severity Severity { get; init; }
    public required Gain Gain { get; init; }

    /// <summary>What is weak here, in one sentence.</summary>
    public required string Message { get; init; }

    public required IReadOnlyList<Evidence> Evidence { get; init; }

    /// <summary>What to change here.</summary>
    public required string Fix { get; init; }
}

/// <summary>What a rule could not decide, and why.</summary>
/// <param name="RuleId">The rule.</param>
/// <param name="Subject">Whose weakness it would be.</param>
/// <param name="Source">What would have told.</param>
/// <param name="Reason">Why it did not.</param>
public sealed record Unchecked(string RuleId, string Subject, string Source, string Reason);

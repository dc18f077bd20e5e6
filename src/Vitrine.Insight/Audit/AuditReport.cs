namespace Vitrine.Insight.Audit;

/// <summary>What an audit found. The JSON form is described in docs/audit.md.</summary>
public sealed record AuditReport
{
    /// <summary>Raised when a field changes its meaning or goes; new fields do not raise it.</summary>
    public int SchemaVersion { get; init; } = 1;

    public IReadOnlyList<AuditedSubject> Subjects { get; init; } = [];

    /// <summary>What this reader could not see of the host, a sentence each.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>The worst severity of all findings and open ways out; null where there is none.</summary>
    public Severity? Worst
    {
        get
        {
            Severity? worst = null;
            foreach (var subject in Subjects)
            {
                foreach (var finding in subject.Findings)
                    worst = worst is { } known && known >= finding.Severity ? known : finding.Severity;
                foreach (var way in subject.WaysOut)
                {
                    if (way.Verdict == Verdict.Open)
                        worst = worst is { } known && known >= way.Rule.Severity ? known : way.Rule.Severity;
                }
            }

            return worst;
        }
    }
}

/// <summary>One container, the host, or a socket.</summary>
public sealed record AuditedSubject
{
    public required RuleScope Scope { get; init; }

    /// <summary>The container's name or id, <c>host</c>, or the socket's address.</summary>
    public required string Name { get; init; }

    /// <summary>Null for the host and sockets.</summary>
    public TargetSection? Target { get; init; }

    /// <summary>By gain, then by severity, the greatest first.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>For containers: each known way out and whether it is open.</summary>
    public IReadOnlyList<WayOut> WaysOut { get; init; } = [];

    public IReadOnlyList<Unchecked> Unchecked { get; init; } = [];
}

namespace Vitrine.Insight.Audit;

/// <summary>One rule: what it says of itself, and how it looks.</summary>
internal abstract class AuditRule
{
    public abstract RuleInfo Info { get; }

    public abstract RuleScope Scope { get; }
}

/// <summary>A rule for containers.</summary>
internal abstract class ContainerRule : AuditRule
{
    public override RuleScope Scope => RuleScope.Container;

    public abstract void Check(ContainerSubject container, RuleReport report);
}

/// <summary>A rule for the host's kernel and its engines.</summary>
internal abstract class HostRule : AuditRule
{
    public override RuleScope Scope => RuleScope.Host;

    public abstract void Check(HostFacts host, RuleReport report);
}

/// <summary>A rule for an engine's socket.</summary>
internal abstract class SocketRule : AuditRule
{
    public override RuleScope Scope => RuleScope.Socket;

    public abstract void Check(SocketFacts socket, RuleReport report);
}

/// <summary>A known way out of a container.</summary>
internal abstract class WayOutRule : AuditRule
{
    public override RuleScope Scope => RuleScope.WayOut;

    /// <summary>How it goes, in words.</summary>
    public abstract IReadOnlyList<string> Steps { get; }

    /// <summary>What must be so for it to be open.</summary>
    public abstract IEnumerable<Precondition> Preconditions(ContainerSubject container);

    /// <summary>Looks at the preconditions.</summary>
    /// <param name="container">Whose way out it would be.</param>
    /// <param name="isWhole">Whether to go on when one is not met, which alone decides.</param>
    public WayOut Judge(ContainerSubject container, bool isWhole)
    {
        var conditions = new List<Precondition>();
        var verdict = Verdict.Open;
        foreach (var condition in Preconditions(container))
        {
            conditions.Add(condition);
            if (condition.IsMet == false)
                verdict = Verdict.Closed;
            else if (condition.IsMet is null && verdict == Verdict.Open)
                verdict = Verdict.Unknown;
            if (verdict == Verdict.Closed && !isWhole)
                break;
        }

        return new WayOut { Rule = Info, Verdict = verdict, Preconditions = conditions, Steps = Steps };
    }
}

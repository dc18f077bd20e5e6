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

    public WayOut Judge(ContainerSubject container)
    {
        List<Precondition> conditions = [.. Preconditions(container)];
        var verdict = conditions.Exists(condition => condition.IsMet == false) ? Verdict.Closed
            : conditions.Exists(condition => condition.IsMet is null) ? Verdict.Unknown
            : Verdict.Open;
        return new WayOut { Rule = Info, Verdict = verdict, Preconditions = conditions, Steps = Steps };
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>The pid namespace of the host.</summary>
internal sealed class HostPidRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA040", "Host's pid namespace", Severity.High, Gain.HostData)
    {
        Reason = "Every process of the host is visible; root inside reads their environment and files through /proc/PID, and ends them.",
        Fix = "run without --pid host",
        References = [Reference.Cis("5.16")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (container.Namespace("pid") is not { } space)
            return;
        if (space.Scope == NamespaceScope.Unknown && space.Error is { } error)
            report.CannotTell(space.Source, error);
        if (space.Scope != NamespaceScope.Host)
            return;
        report.Add("It sees every process of the host, and root inside may signal them.", new Evidence(space.Source, $"pid:[{space.Inode}], the host's"));
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>The cgroup namespace of the host.</summary>
internal sealed class HostCgroupRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA045", "Host's cgroup namespace", Severity.Low, Gain.Information)
    {
        Reason = "The path of its cgroup, ids of the engine and of the pod, and where cgroupfs is mounted other containers' groups are visible.",
        Fix = "run with --cgroupns private",
        References = [Reference.Cis("5.25")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (container.Namespace("cgroup") is not { } space)
            return;
        if (space.Scope == NamespaceScope.Unknown && space.Error is { } error)
            report.CannotTell(space.Source, error);
        if (space.Scope != NamespaceScope.Host)
            return;
        report.Add("It sees its cgroup from the host's root.", new Evidence(space.Source, $"cgroup:[{space.Inode}], the host's"));
    }
}

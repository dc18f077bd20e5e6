namespace Vitrine.Insight.Audit.Rules;

/// <summary>The ipc namespace of the host.</summary>
internal sealed class HostIpcRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA042", "Host's ipc namespace", Severity.Medium, Gain.HostData)
    {
        Reason = "Shared memory and message queues of the host's programs can be read and changed.",
        Fix = "run without --ipc host",
        References = [Reference.Cis("5.17")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (container.Namespace("ipc") is not { } space)
            return;
        if (space.Scope == NamespaceScope.Unknown && space.Error is { } error)
            report.CannotTell(space.Source, error);
        if (space.Scope != NamespaceScope.Host)
            return;
        report.Add("It sees the shared memory of the host's programs.", new Evidence(space.Source, $"ipc:[{space.Inode}], the host's"));
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>A namespace that another container is in too.</summary>
internal sealed class SharedNamespaceRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA047", "Namespace shared with another container", Severity.Low, Gain.OtherContainers)
    {
        Reason = "Who is in one of the containers sees processes, traffic or shared memory of the other.",
        Fix = "share only what belongs together: run without --pid, --network or --ipc container:NAME",
        References = [Reference.Cis("5.10"), Reference.Cis("5.16"), Reference.Cis("5.17")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        var own = container.Explanation.Target.Id;
        foreach (var space in container.Explanation.Namespaces.Namespaces)
        {
            if (space.Kind is not ("pid" or "net" or "ipc") || space.Scope != NamespaceScope.Shared)
                continue;
            if (space.SharedWith.FirstOrDefault(peer => peer.ContainerId is { } id && id != own) is { } other)
                report.Add($"Its {space.Kind} namespace is that of {other.Command} (pid {other.Pid}) too.", new Evidence(space.Source, $"{space.Kind}:[{space.Inode}]"));
        }
    }
}

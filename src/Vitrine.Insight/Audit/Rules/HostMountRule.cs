namespace Vitrine.Insight.Audit.Rules;

/// <summary>The mnt namespace of the host.</summary>
internal sealed class HostMountRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA046", "Host's mount namespace", Severity.Critical, Gain.HostRoot)
    {
        Reason = "The host's files are its own, held back by nothing but its user id.",
        Fix = "give it a mount namespace and a root filesystem of its own",
        References = ["mount_namespaces(7)"],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (container.Namespace("mnt") is not { } space)
            return;
        if (space.Scope == NamespaceScope.Unknown && space.Error is { } error)
            report.CannotTell(space.Source, error);
        if (space.Scope != NamespaceScope.Host)
            return;
        if (container.Self?.HostUid != 0)
        {
            report.Add(Severity.Medium, Gain.HostData, "It uses the host's mount table, as an ordinary user.", new Evidence(space.Source, $"mnt:[{space.Inode}], the host's"));
            return;
        }

        report.Add("It uses the host's mount table.", new Evidence(space.Source, $"mnt:[{space.Inode}], the host's"));
    }
}

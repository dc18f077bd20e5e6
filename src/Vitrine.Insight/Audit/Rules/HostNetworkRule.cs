namespace Vitrine.Insight.Audit.Rules;

/// <summary>The net namespace of the host.</summary>
internal sealed class HostNetworkRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA041", "Host's network namespace", Severity.Medium, Gain.HostData)
    {
        Reason = "Services on localhost and abstract sockets of the host can be reached, and any free port be taken.",
        Fix = "run without --network host, and publish what is needed with -p ADDRESS:PORT:PORT",
        References = [Reference.Cis("5.10"), "CVE-2020-15257"],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (container.Namespace("net") is not { } space)
            return;
        if (space.Scope == NamespaceScope.Unknown && space.Error is { } error)
            report.CannotTell(space.Source, error);
        if (space.Scope != NamespaceScope.Host)
            return;
        report.Add("It uses the host's interfaces, localhost and abstract sockets.", new Evidence(space.Source, $"net:[{space.Inode}], the host's"));
    }
}

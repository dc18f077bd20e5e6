namespace Vitrine.Insight.Audit.Rules;

/// <summary>dockerd -H tcp:// without --tlsverify.</summary>
internal sealed class DockerTcpRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA230", "Docker's API on TCP without client certificates", Severity.Critical, Gain.HostRoot)
    {
        Reason = "Who reaches the port is root on the host.",
        Fix = "remove -H tcp:// (and hosts in daemon.json); where it is needed, use --tlsverify with certificates, or ssh://",
        References = [Reference.Cis("2.7")],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var daemon in host.DockerDaemons)
        {
            foreach (var address in daemon.Hosts)
            {
                if (address.StartsWith("tcp:", StringComparison.Ordinal) && !daemon.VerifiesClients)
                    report.Add($"dockerd listens on {address} and asks for no certificate.", new Evidence(daemon.Source, address));
            }
        }
    }
}

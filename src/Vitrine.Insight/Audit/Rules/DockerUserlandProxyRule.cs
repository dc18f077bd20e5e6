namespace Vitrine.Insight.Audit.Rules;

/// <summary>userland-proxy.</summary>
internal sealed class DockerUserlandProxyRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA238", "Userland proxy", Severity.Note, Gain.Hygiene)
    {
        Reason = "A process for each published port that is not needed where hairpin NAT works.",
        Fix = "\"userland-proxy\": false in daemon.json",
        References = [Reference.Cis("2.16")],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var daemon in host.DockerDaemons)
        {
            if (daemon.IsOn("userland-proxy", isOnByDefault: true))
                report.Add("A proxy runs for each published port.", new Evidence(daemon.Source, "userland-proxy: true"));
        }
    }
}

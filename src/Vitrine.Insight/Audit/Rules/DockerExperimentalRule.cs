namespace Vitrine.Insight.Audit.Rules;

/// <summary>experimental.</summary>
internal sealed class DockerExperimentalRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA239", "Experimental features", Severity.Note, Gain.Hygiene)
    {
        Reason = "Features without the usual promises.",
        Fix = "remove experimental from daemon.json",
        References = [Reference.Cis("2.18")],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var daemon in host.DockerDaemons)
        {
            if (daemon.IsOn("experimental", isOnByDefault: false))
                report.Add("Experimental features are on.", new Evidence(daemon.Source, "experimental: true"));
        }
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>live-restore.</summary>
internal sealed class DockerLiveRestoreRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA241", "Containers end with the daemon", Severity.Note, Gain.DenialOfService)
    {
        Reason = "Updating dockerd stops every container, so that updates are put off.",
        Fix = "\"live-restore\": true in daemon.json",
        References = [Reference.Cis("2.15")],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var daemon in host.DockerDaemons)
        {
            if (!daemon.IsOn("live-restore", isOnByDefault: false))
                report.Add("Containers end when dockerd does.", new Evidence(daemon.Source, "live-restore: false"));
        }
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>no-new-privileges of the daemon.</summary>
internal sealed class DockerNewPrivilegesRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA235", "New privileges by default", Severity.Note, Gain.Hygiene)
    {
        Reason = "Containers may use set-user-id programs unless each says otherwise.",
        Fix = "\"no-new-privileges\": true in daemon.json",
        References = [Reference.Cis("2.14")],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var daemon in host.DockerDaemons)
        {
            if (!daemon.IsOn("no-new-privileges", isOnByDefault: false))
                report.Add("Containers may gain privileges by default.", new Evidence(daemon.Source, "no-new-privileges: false"));
        }
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>seccomp-profile of the daemon.</summary>
internal sealed class DockerSeccompRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA240", "Docker without a seccomp profile", Severity.Medium, Gain.HostRoot)
    {
        Reason = "Every container starts without a filter.",
        Fix = "remove seccomp-profile: unconfined from daemon.json",
        References = [Reference.Cis("2.17"), Reference.Cis("5.22")],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var daemon in host.DockerDaemons)
        {
            if (daemon.Text("seccomp-profile") == "unconfined")
                report.Add("Containers start without a filter by default.", new Evidence(daemon.Source, "seccomp-profile: unconfined"));
        }
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>log-opts.</summary>
internal sealed class DockerLogsRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA236", "Docker's logs without a limit", Severity.Low, Gain.DenialOfService)
    {
        Reason = "Each container's log grows until the disk is full.",
        Fix = "\"log-opts\": {\"max-size\": \"10m\", \"max-file\": \"3\"} in daemon.json, or the driver local",
        References = [Reference.Cis("2.13")],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var daemon in host.DockerDaemons)
        {
            if (daemon.Text("log-driver") is null or "json-file" && !daemon.BoundsLogs)
                report.Add("Logs are not bounded by default.", new Evidence(daemon.Source, "log-opts: no max-size"));
        }
    }
}

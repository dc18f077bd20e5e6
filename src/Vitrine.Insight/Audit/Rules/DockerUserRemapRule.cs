namespace Vitrine.Insight.Audit.Rules;

/// <summary>userns-remap.</summary>
internal sealed class DockerUserRemapRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA234", "No user namespaces for docker's containers", Severity.Low, Gain.Hygiene)
    {
        Reason = "Root in every container is root of the host.",
        Fix = "\"userns-remap\": \"default\" in daemon.json, or rootless mode",
        References = [Reference.Cis("2.9")],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var daemon in host.DockerDaemons)
        {
            if (daemon.Text("userns-remap") is null && !daemon.IsOn("rootless", isOnByDefault: false))
                report.Add("Containers run without a user namespace.", new Evidence(daemon.Source, "userns-remap: not set"));
        }
    }
}

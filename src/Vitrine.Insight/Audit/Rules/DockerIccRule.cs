namespace Vitrine.Insight.Audit.Rules;

/// <summary>icc.</summary>
internal sealed class DockerIccRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA233", "Containers of the default bridge reach each other", Severity.Low, Gain.OtherContainers)
    {
        Reason = "On docker0 every container connects to every port of every other.",
        Fix = "\"icc\": false in daemon.json, and networks of one's own",
        References = [Reference.Cis("2.2")],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var daemon in host.DockerDaemons)
        {
            if (daemon.IsOn("icc", isOnByDefault: true))
                report.Add("Containers on the default bridge reach each other.", new Evidence(daemon.Source, "icc: true"));
        }
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>insecure-registries.</summary>
internal sealed class InsecureRegistriesRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA237", "Registries without TLS", Severity.Medium, Gain.HostRoot)
    {
        Reason = "Who is on the way exchanges images, which then run here.",
        Fix = "remove insecure-registries; give the registry a certificate",
        References = [Reference.Cis("2.5")],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var daemon in host.DockerDaemons)
        {
            foreach (var registry in daemon.Texts("insecure-registries").Concat(daemon.Values("insecure-registry")))
                report.Add($"Images of {registry} are pulled without verified TLS.", new Evidence(daemon.Source, $"insecure-registries: {registry}"));
        }
    }
}

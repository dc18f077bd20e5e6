namespace Vitrine.Insight.Audit.Rules;

/// <summary>The engine is not told how to see that it works.</summary>
internal sealed class NoHealthCheckRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA102", "No health check", Severity.Note, Gain.Hygiene)
    {
        Reason = "Nobody notices when it hangs.",
        Fix = "HEALTHCHECK in the Dockerfile, or --health-cmd",
        References = [Reference.Cis("4.6"), Reference.Cis("5.27")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (container.Settings is { HasHealthCheck: false } settings)
            report.Add("Nothing checks whether it works.", new Evidence(settings.Source, "no Healthcheck"));
    }
}

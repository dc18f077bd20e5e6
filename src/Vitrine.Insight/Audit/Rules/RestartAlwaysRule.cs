namespace Vitrine.Insight.Audit.Rules;

/// <summary>The restart policy always.</summary>
internal sealed class RestartAlwaysRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA103", "Restarted for ever", Severity.Note, Gain.DenialOfService)
    {
        Reason = "A container that fails at once is started again and again.",
        Fix = "--restart on-failure:5",
        References = [Reference.Cis("5.15")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (container.Settings is { RestartPolicy: "always" } settings)
            report.Add("It is restarted without end.", new Evidence(settings.Source, "RestartPolicy: always"));
    }
}

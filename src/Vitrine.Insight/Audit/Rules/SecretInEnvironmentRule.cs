namespace Vitrine.Insight.Audit.Rules;

/// <summary>What looks like a secret in a variable.</summary>
internal sealed class SecretInEnvironmentRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA090", "Secret in the environment", Severity.Medium, Gain.Information)
    {
        Reason = "Everything it starts inherits it, inspect prints it, and root reads it in /proc/PID/environ.",
        Fix = "give it as a file that only the process reads (many images take NAME_FILE)",
        References = [Reference.Cis("4.10")],
    };

    public override void Check(ContainerSubject container, RuleReport report) => Evidences.ReportSecrets(container, report, Info, SecretPlace.Environment, "environment", "environ");
}

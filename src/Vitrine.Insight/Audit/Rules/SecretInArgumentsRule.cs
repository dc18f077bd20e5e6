namespace Vitrine.Insight.Audit.Rules;

/// <summary>What looks like a secret on the command line.</summary>
internal sealed class SecretInArgumentsRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA091", "Secret in the arguments", Severity.High, Gain.Information)
    {
        Reason = "Every user of the host sees it with ps.",
        Fix = "give it as a file, or on standard input",
        References = [Reference.Cis("4.10")],
    };

    public override void Check(ContainerSubject container, RuleReport report) => Evidences.ReportSecrets(container, report, Info, SecretPlace.Arguments, "arguments", "cmdline");
}

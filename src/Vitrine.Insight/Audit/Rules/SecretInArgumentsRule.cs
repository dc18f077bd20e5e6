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

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (container.Explanation.Secrets.Facts.FirstOrDefault(fact => fact is { Name: "arguments", Error: not null }) is { } unreadable)
            report.CannotTell(unreadable.Source, unreadable.Error!);
        foreach (var secret in container.Explanation.Secrets.Findings)
        {
            if (secret.Place != SecretPlace.Arguments)
                continue;
            var evidence = new Evidence($"{secret.Source ?? container.Source("cmdline")}: {secret.Name}", $"{secret.Kind}, {secret.Length} characters, #{secret.Fingerprint} ({secret.Confidence})");
            report.Add(secret.Confidence == "possible" ? Severity.Note : Info.Severity, Info.Gain, $"{secret.Name} holds what looks like a secret ({secret.Kind}).", evidence);
        }
    }
}

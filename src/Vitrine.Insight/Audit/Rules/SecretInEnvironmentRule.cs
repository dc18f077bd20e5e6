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

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (container.Explanation.Secrets.Facts.FirstOrDefault(fact => fact is { Name: "environment", Error: not null }) is { } unreadable)
            report.CannotTell(unreadable.Source, unreadable.Error!);
        foreach (var secret in container.Explanation.Secrets.Findings)
        {
            if (secret.Place != SecretPlace.Environment)
                continue;
            var evidence = new Evidence($"{secret.Source ?? container.Source("environ")}: {secret.Name}", $"{secret.Kind}, {secret.Length} characters, #{secret.Fingerprint} ({secret.Confidence})");
            report.Add(secret.Confidence == "possible" ? Severity.Note : Info.Severity, Info.Gain, $"{secret.Name} holds what looks like a secret ({secret.Kind}).", evidence);
        }
    }
}

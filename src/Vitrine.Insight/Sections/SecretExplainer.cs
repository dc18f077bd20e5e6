using Vitrine.Secrets;

namespace Vitrine.Insight.Sections;

/// <summary>Environment and arguments of the process, what in them looks like a secret, and who can read it.</summary>
internal static class SecretExplainer
{
    public static SecretSection Explain(ExplainContext context)
    {
        // A secret leaks from an ordinary process too: these warnings do not ask whether it is a container.
        var notes = new SectionNotes();
        var findings = new List<SecretFinding>();
        var environment = notes.Read("environment", context.Source("environ"), () => context.Proc.Environment(context.Pid)) ?? [];
        var arguments = notes.Read("arguments", context.Source("cmdline"), () => context.Proc.CommandLine(context.Pid)) ?? [];
        var variables = environment.Where(entry => entry.Length > 0).Select(entry => Inspect(context, entry, context.Source("environ"), findings)).ToList();
        Inspect(context, arguments, context.Source("cmdline"), findings);
        var count = variables.Count;
        AsStarted(context, notes, variables, findings);
        if (count > 0)
        {
            notes.Fact("environment", $"{count} variables", context.Source("environ"),
                "As it was at the last exec; the file is readable by root and by the process's own user.");
        }

        foreach (var finding in findings.Where(finding => finding.Confidence != "possible"))
            Warn(notes, finding);
        return new SecretSection
        {
            Environment = variables,
            Arguments = context.Redactor.Redact(arguments),
            Findings = findings,
            Facts = notes.Facts,
            Warnings = notes.Warnings,
        };
    }

    /// <summary>
    /// What the engine started the first process with and /proc no longer has: programs write their title over arguments and
    /// environment (nginx, postgres), while the engine's files and inspect keep both.
    /// </summary>
    private static void AsStarted(ExplainContext context, SectionNotes notes, List<EnvironmentVariable> variables, List<SecretFinding> findings)
    {
        if (context is not { Spec.Process: { } started, SpecPath: { } source } || context.Pid != context.Members.First.Pid)
            return;
        var known = variables.Select(variable => variable.Name).ToHashSet(StringComparer.Ordinal);
        var hidden = (started.Env ?? []).Where(entry => entry.IndexOf('=') is > 0 and var equals && known.Add(entry[..equals])).ToList();
        foreach (var entry in hidden)
            variables.Add(Inspect(context, entry, source, findings) with { Source = source });
        if (hidden.Count > 0)
        {
            notes.Fact("as started", $"{hidden.Count} variables more", source,
                "What the engine started it with; the process has since written over them, or began another program without them.");
        }

        var seen = findings.Where(finding => finding.Place == SecretPlace.Arguments).Select(finding => finding.Fingerprint).ToHashSet(StringComparer.Ordinal);
        var earlier = new List<SecretFinding>();
        Inspect(context, started.Args ?? [], source, earlier);
        findings.AddRange(earlier.Where(finding => !seen.Contains(finding.Fingerprint)));
    }

    private static EnvironmentVariable Inspect(ExplainContext context, string entry, string source, List<SecretFinding> findings)
    {
        var equals = entry.IndexOf('=');
        var (name, value) = equals < 0 ? ("", entry) : (entry[..equals], entry[(equals + 1)..]);
        var matches = SecretDetector.Inspect(name, value);
        foreach (var match in matches)
            findings.Add(Finding(context, SecretPlace.Environment, name, value, match, EnvironmentLeaks(context, entry, source)) with { Source = source });
        return new EnvironmentVariable
        {
            Name = name,
            Value = context.Redactor.Redact(value, matches),
            Hidden = matches.Count > 0 && !context.Redactor.Reveal,
        };
    }

    private static void Inspect(ExplainContext context, IReadOnlyList<string> arguments, string source, List<SecretFinding> findings)
    {
        var isLive = source != context.SpecPath;
        foreach (var (argument, name, match) in ArgumentScanner.Scan(arguments))
        {
            findings.Add(Finding(context, SecretPlace.Arguments, name, arguments[argument], match,
            [
                .. (IEnumerable<string>)(isLive ? [$"{source} and ps: every user of the host, unless /proc is mounted with hidepid"] : []),
                .. EngineLeaks(context),
            ]) with { Source = source });
        }
    }

    private static List<string> EnvironmentLeaks(ExplainContext context, string entry, string source)
    {
        var uid = context.Status.User.Effective;
        var leaks = new List<string>
        {
            source == context.SpecPath ? $"{source} on disk: root" : $"{source} on the host: root{(uid == 0 ? "" : $" and every process of uid {uid}")}",
            "the environment of every process it starts, and whatever prints it: debug pages, crash reports",
        };
        leaks.AddRange(EngineLeaks(context).Where(leak => leak != leaks[0]));
        if (context.Hints.ImageEnvironment.Contains(entry))
            leaks.Add("the image's configuration and history: everyone who can pull it");
        return leaks;
    }

    private static IEnumerable<string> EngineLeaks(ExplainContext context)
    {
        if (context.Hints.Engine is not null || context.Hints.Id is not null)
            yield return "the engine's inspect: everyone who may ask it";
        foreach (var file in context.Hints.FilesWithEnvironment)
            yield return $"{file} on disk: root";
    }

    private static SecretFinding Finding(
        ExplainContext context, SecretPlace place, string name, string text, SecretMatch match, IReadOnlyList<string> leaks)
    {
        var secret = text.Substring(match.Start, match.Length);
        return new SecretFinding
        {
            Place = place,
            Name = name,
            Kind = match.Kind,
            Confidence = match.Confidence.ToString().ToLowerInvariant(),
            Length = secret.Length,
            Fingerprint = context.Redactor.FingerprintOf(secret),
            LeaksAt = leaks,
            Value = context.Redactor.Reveal ? secret : null,
        };
    }

    private static void Warn(SectionNotes notes, SecretFinding finding)
    {
        var where = finding.Place == SecretPlace.Environment ? $"The variable {finding.Name}" : $"The argument {finding.Name}";
        notes.Warn(
            finding.Place == SecretPlace.Environment ? Severity.Medium : Severity.High,
            finding.Place == SecretPlace.Environment ? "secrets.environment" : "secrets.arguments",
            $"{where} holds what looks like a secret ({finding.Kind}, {finding.Confidence}); it can be read at {finding.LeaksAt[0]}.",
            "give it as a file that only the process can read (many images take NAME_FILE)");
    }
}

using Vitrine.Insight.Audit;

namespace Vitrine.Insight.Json;

/// <summary>An audit in the Static Analysis Results Interchange Format, version 2.1.0 (OASIS), as code scanners read it.</summary>
public static class SarifLog
{
    private const string Schema = "https://json.schemastore.org/sarif-2.1.0.json";

    private sealed record Result(RuleInfo Rule, Severity Severity, Gain Gain, string Subject, string Message, IReadOnlyList<Evidence> Evidence);

    /// <summary>An indented log of one run and a line end, as UTF-8.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="version">The program's version.</param>
    public static ReadOnlySpan<byte> Serialize(AuditReport report, string version)
    {
        var results = Results(report);
        List<RuleInfo> rules = [.. results.Select(result => result.Rule).DistinctBy(rule => rule.Id).OrderBy(rule => rule.Id, StringComparer.Ordinal)];
        var run = new Run(version, rules, results);
        return JsonText.Line(json =>
        {
            json.Text("$schema", Schema);
            json.Text("version", "2.1.0");
            json.Objects("runs", [run], Write);
        });
    }

    private sealed record Run(string Version, List<RuleInfo> Rules, List<Result> Results);

    private static List<Result> Results(AuditReport report)
    {
        var results = new List<Result>();
        foreach (var subject in report.Subjects)
        {
            foreach (var finding in subject.Findings)
                results.Add(new Result(finding.Rule, finding.Severity, finding.Gain, subject.Name, finding.Message, finding.Evidence));
            foreach (var way in subject.WaysOut)
            {
                if (way.Verdict == Verdict.Open)
                    results.Add(new Result(way.Rule, way.Rule.Severity, way.Rule.Gain, subject.Name, $"This way out is open: {way.Rule.Title}.",
                        [.. way.Preconditions.Select(condition => new Evidence(condition.Source, $"{condition.Text}: {condition.Reason}"))]));
            }
        }

        return results;
    }

    private static void Write(JsonFields json, Run run)
    {
        json.Object("tool", run, (tool, value) => tool.Object("driver", value, WriteDriver));
        json.Objects("results", run.Results, (result, value) => Write(result, value, run.Rules.FindIndex(rule => rule.Id == value.Rule.Id)));
        json.Text("columnKind", "utf16CodeUnits");
    }

    private static void WriteDriver(JsonFields json, Run run)
    {
        json.Text("name", "vitrine audit");
        json.Text("version", run.Version);
        json.Objects("rules", run.Rules, Write);
    }

    private static void Write(JsonFields json, RuleInfo rule)
    {
        json.Text("id", rule.Id);
        json.Text("name", rule.Title);
        json.Object("shortDescription", rule, (text, value) => text.Text("text", value.Title));
        json.Object("fullDescription", rule, (text, value) => text.Text("text", value.Reason));
        json.Object("help", rule, (text, value) => text.Text("text", value.Fix));
        json.Object("defaultConfiguration", rule, (configuration, value) => configuration.Text("level", Level(value.Severity)));
        json.Object("properties", rule, (properties, value) =>
        {
            properties.Text("security-severity", Score(value.Severity));
            properties.Texts("tags", ["security", value.Gain.Describe(), .. value.References]);
        });
    }

    private static void Write(JsonFields json, Result result, int index)
    {
        json.Text("ruleId", result.Rule.Id);
        json.Number("ruleIndex", index);
        json.Text("level", Level(result.Severity));
        json.Object("message", result, (message, value) => message.Text("text", $"{value.Subject}: {value.Message}"));
        IReadOnlyList<Evidence> places = result.Evidence.Count > 0 ? [result.Evidence[0]] : [];
        json.Objects("locations", places, (location, evidence) =>
        {
            if (Uri(evidence.Source) is { } uri)
                location.Object("physicalLocation", uri, (physical, place) => physical.Object("artifactLocation", place, (artifact, text) => artifact.Text("uri", text)));
            location.Objects("logicalLocations", [result], (logical, value) => logical.Text("fullyQualifiedName", value.Subject));
        });
        json.Object("partialFingerprints", result, (prints, value) => prints.Text("subjectAndRule/v1", $"{value.Subject}/{value.Rule.Id}/{(value.Evidence.Count > 0 ? value.Evidence[^1].Value : "")}"));
        json.Object("properties", result, (properties, value) =>
        {
            properties.Choice("severity", value.Severity);
            properties.Choice("gain", value.Gain);
            properties.Objects("evidence", value.Evidence, (item, evidence) =>
            {
                item.Text("source", evidence.Source);
                item.Text("value", evidence.Value);
            });
        });
    }

    // Only what is a path is one: evidence also names fields and netlink messages.
    private static string? Uri(string source)
    {
        var end = source.AsSpan().IndexOfAny(':', ',', ' ');
        var path = end < 0 ? source : source[..end];
        return path.StartsWith('/') ? "file://" + System.Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal) : null;
    }

    private static string Level(Severity severity) => severity switch
    {
        Severity.Critical or Severity.High => "error",
        Severity.Medium => "warning",
        _ => "note",
    };

    // Bands as GitHub reads security-severity: over 9.0 critical, from 7.0 high, from 4.0 medium.
    private static string Score(Severity severity) => severity switch
    {
        Severity.Critical => "9.5",
        Severity.High => "8.0",
        Severity.Medium => "5.5",
        Severity.Low => "3.0",
        _ => "1.0",
    };
}

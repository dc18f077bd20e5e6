using Vitrine.Insight.Audit;

namespace Vitrine.Insight.Json;

/// <summary>JSON of audits: camelCase, nulls left out; described in docs/audit.md.</summary>
public static class AuditJson
{
    /// <summary>An indented JSON object and a line end, as UTF-8.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="showsSteps">Whether ways out come with their steps.</param>
    public static ReadOnlySpan<byte> Serialize(AuditReport report, bool showsSteps) => JsonText.Line(json =>
    {
        json.Number("schemaVersion", report.SchemaVersion);
        if (report.Worst is { } worst)
            json.Choice("worst", worst);
        if (report.Missing.Count > 0)
            json.Texts("missing", report.Missing);
        json.Objects("subjects", report.Subjects, (subject, value) => Write(subject, value, showsSteps));
    });

    private static void Write(JsonFields json, AuditedSubject value, bool showsSteps)
    {
        json.Choice("scope", value.Scope);
        json.Text("name", value.Name);
        json.Object("target", value.Target, ExplanationJson.Write);
        json.Objects("findings", value.Findings, Write);
        json.Objects("waysOut", value.WaysOut, (way, one) => Write(way, one, showsSteps));
        json.Objects("unchecked", value.Unchecked, Write);
    }

    private static void Write(JsonFields json, Finding value)
    {
        json.Text("id", value.Rule.Id);
        json.Text("title", value.Rule.Title);
        json.Choice("severity", value.Severity);
        json.Choice("gain", value.Gain);
        json.Text("message", value.Message);
        json.Text("reason", value.Rule.Reason);
        json.Text("fix", value.Fix);
        json.Objects("evidence", value.Evidence, Write);
        json.Texts("references", value.Rule.References);
    }

    private static void Write(JsonFields json, Evidence value)
    {
        json.Text("source", value.Source);
        json.Text("value", value.Value);
    }

    private static void Write(JsonFields json, WayOut value, bool showsSteps)
    {
        json.Text("id", value.Rule.Id);
        json.Text("title", value.Rule.Title);
        json.Choice("verdict", value.Verdict);
        json.Choice("severity", value.Rule.Severity);
        json.Choice("gain", value.Rule.Gain);
        json.Objects("preconditions", value.Preconditions, Write);
        if (showsSteps)
            json.Texts("steps", value.Steps);
        json.Text("fix", value.Rule.Fix);
        json.Texts("references", value.Rule.References);
    }

    private static void Write(JsonFields json, Precondition value)
    {
        json.Text("text", value.Text);
        json.Text("met", value.IsMet switch { true => "yes", false => "no", null => "unknown" });
        json.Text("reason", value.Reason);
        json.Text("source", value.Source);
    }

    private static void Write(JsonFields json, Unchecked value)
    {
        json.Text("id", value.RuleId);
        json.Text("source", value.Source);
        json.Text("reason", value.Reason);
    }
}

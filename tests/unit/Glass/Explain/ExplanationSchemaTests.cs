using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.Insight.Json;
using Vitrine.Tests.Unit.Insight;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Explain;

/// <summary>docs/explain.schema.json, which is written anew with VITRINE_UPDATE_GOLDEN=1.</summary>
public sealed class ExplanationSchemaTests
{
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void PublishedSchema_IsThatOfTheRecords()
    {
        var schema = ExplanationSchema.Make().ToJsonString(s_readable) + "\n";
        if (Environment.GetEnvironmentVariable("VITRINE_UPDATE_GOLDEN") == "1")
            File.WriteAllText(Published(), schema);

        Assert.Equal(File.ReadAllText(Published()), schema);
    }

    [Fact]
    public void Json_SampleContainer_IsValid()
    {
        using var host = SampleContainer.Host();

        Assert.Empty(Faults(ExplanationJson.Serialize(host.Explain(SampleContainer.Pid, SampleContainer.HintsWithSpec(host)))));
    }

    [Fact]
    public void Json_OfThisVeryProcess_IsValid() =>
        Assert.Empty(Faults(ExplanationJson.Serialize(new Vitrine.Insight.Explainer().Explain(new Vitrine.Insight.ExplainTarget { Pid = Environment.ProcessId }))));

    [Fact]
    public void Json_OfSections_HoldsThoseAlone_AndIsValid()
    {
        using var host = SampleContainer.Host();
        var explanation = host.Explain(SampleContainer.Pid);

        var json = ExplanationJson.Serialize(explanation, explanation.Chosen(["cap", "userMapping", "control"]));

        Assert.Equal(["schemaVersion", "target", "userMapping", "cgroups", "capabilities"], JsonNode.Parse(json)!.AsObject().Select(pair => pair.Key));
        Assert.Empty(Faults(json));
        Assert.Equal(["confinement"], explanation.Chosen(["modules"]));
        Assert.Contains("no section 'x'", Assert.Throws<VitrineException>(() => explanation.Chosen(["x"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"schemaVersion": 1}""", "$.target is missing")]
    [InlineData("""{"schemaVersion": 2, "target": {"pid": 1, "firstPid": 1, "startTime": 1, "command": "x"}}""", "$.schemaVersion is 2")]
    [InlineData("""{"schemaVersion": 1, "target": {"pid": "1", "firstPid": 1, "startTime": 1, "command": "x"}}""", "$.target.pid is String")]
    [InlineData("""{"schemaVersion": 1, "target": {"pid": 1, "firstPid": 1, "startTime": 1, "command": "x", "more": 1}}""", "$.target.more is not")]
    [InlineData("""{"schemaVersion": 1, "target": {"pid": 1, "firstPid": 1, "startTime": 1, "command": "x"}, "seccomp": {"mode": "lax", "groups": [], "facts": [], "warnings": []}}""", "$.seccomp.mode is \"lax\"")]
    public void Validator_FindsWhatIsWrong(string json, string fault) =>
        Assert.StartsWith(fault, Assert.Single(Faults(json)), StringComparison.Ordinal);

    private static List<string> Faults(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ExplanationSchema.Faults(JsonNode.Parse(File.ReadAllText(Published()))!.AsObject(), document.RootElement);
    }

    private static string Published([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../../../docs/explain.schema.json"));
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Insight;

/// <summary>JSON of explanations: camelCase, nulls left out, numbers in base units. Described in docs/explain.md.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(ContainerExplanation))]
public sealed partial class InsightJson : JsonSerializerContext
{
    private static InsightJson? readable;

    /// <summary>Leaves quotes and letters of all languages readable: the output is for files and terminals, not for HTML.</summary>
    public static InsightJson Readable => readable ??= new InsightJson(new JsonSerializerOptions(Default.GeneratedSerializerOptions!)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Oci.Image;

/// <summary>Just enough of a document to tell what it claims to be.</summary>
internal sealed record ManifestProbe
{
    [JsonPropertyName("schemaVersion")]
    public int? SchemaVersion { get; init; }

    [JsonPropertyName("mediaType")]
    public string? MediaType { get; init; }

    [JsonPropertyName("config")]
    public JsonElement? Config { get; init; }

    [JsonPropertyName("layers")]
    public JsonElement? Layers { get; init; }

    [JsonPropertyName("fsLayers")]
    public JsonElement? FsLayers { get; init; }

    [JsonPropertyName("manifests")]
    public JsonElement? Manifests { get; init; }
}

[JsonSourceGenerationOptions(MaxDepth = 32)]
[JsonSerializable(typeof(ManifestProbe))]
internal sealed partial class ManifestProbeJson : JsonSerializerContext;

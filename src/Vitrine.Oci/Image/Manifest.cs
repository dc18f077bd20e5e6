using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Oci.Image;

/// <summary>What a tag or digest can name in a registry: a <see cref="Manifest"/> or an <see cref="ImageIndex"/>.</summary>
public abstract record ManifestDocument
{
    [JsonPropertyName("schemaVersion")]
    [JsonPropertyOrder(-3)]
    public int SchemaVersion { get; init; } = 2;

    [JsonPropertyName("mediaType")]
    [JsonPropertyOrder(-2)]
    public string? MediaType { get; init; }

    [JsonPropertyName("artifactType")]
    [JsonPropertyOrder(-1)]
    public string? ArtifactType { get; init; }

    [JsonPropertyName("subject")]
    public Descriptor? Subject { get; init; }

    [JsonPropertyName("annotations")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>One image for one platform: its configuration and its layers, bottom first (image-spec manifest.md).</summary>
public sealed record Manifest : ManifestDocument
{
    [JsonPropertyName("config")]
    public required Descriptor Config { get; init; }

    [JsonPropertyName("layers")]
    public required IReadOnlyList<Descriptor> Layers { get; init; }
}

/// <summary>A list of manifests, one for each platform, or the entry point of an image layout (image-spec image-index.md).</summary>
public sealed record ImageIndex : ManifestDocument
{
    [JsonPropertyName("manifests")]
    public required IReadOnlyList<Descriptor> Manifests { get; init; }
}

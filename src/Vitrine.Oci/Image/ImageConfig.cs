using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Oci.Image.Reading;

namespace Vitrine.Oci.Image;

/// <summary>
/// An image's configuration (image-spec config.md). What docker adds and this version does not use (<c>container_config</c>,
/// <c>docker_version</c>, ...) is kept in <see cref="Unknown"/>.
/// </summary>
public sealed record ImageConfig
{
    [JsonPropertyName("created")]
    [JsonConverter(typeof(LenientTimeConverter))]
    public DateTimeOffset? Created { get; init; }

    [JsonPropertyName("author")]
    public string? Author { get; init; }

    [JsonPropertyName("architecture")]
    public string? Architecture { get; init; }

    [JsonPropertyName("os")]
    public string? Os { get; init; }

    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    [JsonPropertyName("variant")]
    public string? Variant { get; init; }

    [JsonPropertyName("config")]
    public ImageExecution? Config { get; init; }

    [JsonPropertyName("rootfs")]
    public ImageRootFs RootFs { get; init; } = new();

    [JsonPropertyName("history")]
    public IReadOnlyList<ImageHistory>? History { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>What the image runs on, or null where it does not say.</summary>
    [JsonIgnore]
    public Platform? Platform => string.IsNullOrEmpty(Os) || string.IsNullOrEmpty(Architecture)
        ? null
        : new Platform { Os = Os, Architecture = Architecture, Variant = Variant, OsVersion = OsVersion, OsFeatures = OsFeatures };

    /// <summary>Parses the bytes of a configuration.</summary>
    /// <exception cref="VitrineException">Invalid: not the JSON of an image configuration.</exception>
    public static ImageConfig Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var config = ImageReader.ReadConfig(json);
            return config.RootFs is { Type: ImageRootFs.LayersType, DiffIds: not null } rootFs && !rootFs.DiffIds.Contains(null!)
                ? config
                : throw new VitrineException(ErrorKind.Invalid, "malformed image configuration: its rootfs is not a list of layers");
        }
        catch (JsonException error)
        {
            throw new VitrineException(ErrorKind.Invalid, $"malformed image configuration: {error.Message}", error);
        }
    }
}

/// <summary>The layers of the root file system, by the digests of their uncompressed tars, bottom first.</summary>
public sealed record ImageRootFs
{
    internal const string LayersType = "layers";

    [JsonPropertyName("type")]
    public string Type { get; init; } = LayersType;

    [JsonPropertyName("diff_ids")]
    public IReadOnlyList<Digest> DiffIds { get; init; } = [];
}

/// <summary>How one step of the image came to be.</summary>
public sealed record ImageHistory
{
    [JsonPropertyName("created")]
    [JsonConverter(typeof(LenientTimeConverter))]
    public DateTimeOffset? Created { get; init; }

    [JsonPropertyName("author")]
    public string? Author { get; init; }

    [JsonPropertyName("created_by")]
    public string? CreatedBy { get; init; }

    [JsonPropertyName("comment")]
    public string? Comment { get; init; }

    /// <summary>Whether the step made no layer.</summary>
    [JsonPropertyName("empty_layer")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EmptyLayer { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

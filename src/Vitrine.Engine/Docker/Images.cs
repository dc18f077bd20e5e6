using System.Text.Json.Serialization;

namespace Vitrine.Engine.Docker;

/// <summary>One line of docker images (GET /images/json).</summary>
public sealed record ImageSummary
{
    /// <summary>How many containers use it; -1 where not counted.</summary>
    public long Containers { get; init; } = -1;

    /// <summary>Unix seconds.</summary>
    public long Created { get; init; }
    public required string Id { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public string ParentId { get; init; } = "";
    public IReadOnlyList<string>? RepoDigests { get; init; }
    public IReadOnlyList<string>? RepoTags { get; init; }

    /// <summary>Bytes shared with other images; -1 where not counted.</summary>
    public long SharedSize { get; init; } = -1;

    /// <summary>Bytes, unpacked.</summary>
    public long Size { get; init; }
}

/// <summary>Everything about one image (GET /images/{name}/json), in the order docker image inspect prints.</summary>
public sealed record ImageInspect
{
    public required string Id { get; init; }
    public required IReadOnlyList<string> RepoTags { get; init; }
    public required IReadOnlyList<string> RepoDigests { get; init; }
    public string Parent { get; init; } = "";
    public string Comment { get; init; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Created { get; init; }
    public string DockerVersion { get; init; } = "";
    public string Author { get; init; } = "";
    public required ImageConfigInfo Config { get; init; }
    public required string Architecture { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }
    public required string Os { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OsVersion { get; init; }
    public long Size { get; init; }
    public required DriverData GraphDriver { get; init; }

    [JsonPropertyName("RootFS")]
    public required ImageRootFs RootFs { get; init; }
    public required ImageMetadata Metadata { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DescriptorInfo? Descriptor { get; init; }
}

/// <summary>The defaults an image gives to its containers, as docker image inspect prints them.</summary>
public sealed record ImageConfigInfo
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, EmptyObject>? ExposedPorts { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Env { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Entrypoint { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Cmd { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, EmptyObject>? Volumes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WorkingDir { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StopSignal { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ArgsEscaped { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HealthConfig? Healthcheck { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? OnBuild { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Shell { get; init; }
}

public sealed record ImageRootFs
{
    public string Type { get; init; } = "layers";

    /// <summary>Digests of the uncompressed layers, bottom first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Layers { get; init; }
}

public sealed record ImageMetadata
{
    public string LastTagTime { get; init; } = DockerTime.Zero;
}

/// <summary>A content descriptor (image-spec descriptor.md) as the Engine API shows it.</summary>
public sealed record DescriptorInfo
{
    [JsonPropertyName("mediaType")]
    public required string MediaType { get; init; }

    [JsonPropertyName("digest")]
    public required string Digest { get; init; }

    [JsonPropertyName("size")]
    public long Size { get; init; }
}

/// <summary>What removing an image did (DELETE /images/{name}); one of the two is set.</summary>
public sealed record ImageDeleteItem
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Untagged { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Deleted { get; init; }
}

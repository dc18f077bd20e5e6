using System.Text.Json.Serialization;

namespace Vitrine.Engine.Docker;

/// <summary>A login, as the API takes it in X-Registry-Auth (base64url JSON) and POST /auth.</summary>
public sealed record AuthConfig
{
    [JsonPropertyName("username")]
    public string? Username { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }

    /// <summary>base64 of user:password; older clients.</summary>
    [JsonPropertyName("auth")]
    public string? Auth { get; init; }

    [JsonPropertyName("serveraddress")]
    public string? ServerAddress { get; init; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }

    [JsonPropertyName("registrytoken")]
    public string? RegistryToken { get; init; }
}

/// <summary>Answer of POST /auth.</summary>
public sealed record AuthResponse
{
    public required string Status { get; init; }
    public string IdentityToken { get; init; } = "";
}

/// <summary>One step of an image (GET /images/{name}/history), newest first.</summary>
public sealed record HistoryItem
{
    /// <summary>The image's id for the newest, <c>&lt;missing&gt;</c> for others.</summary>
    public required string Id { get; init; }

    /// <summary>Unix seconds.</summary>
    public long Created { get; init; }
    public string CreatedBy { get; init; } = "";
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Bytes of the step's layer, unpacked.</summary>
    public long Size { get; init; }
    public string Comment { get; init; } = "";
}

/// <summary>What POST /images/prune removed.</summary>
public sealed record ImagePruneReport
{
    public IReadOnlyList<ImageDeleteItem>? ImagesDeleted { get; init; }

    /// <summary>Bytes.</summary>
    public long SpaceReclaimed { get; init; }
}

/// <summary>One image that GET /images/search found.</summary>
public sealed record SearchResult
{
    [JsonPropertyName("star_count")]
    public long StarCount { get; init; }

    [JsonPropertyName("is_official")]
    public bool IsOfficial { get; init; }

    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Of old; nothing is automated any more.</summary>
    [JsonPropertyName("is_automated")]
    public bool IsAutomated { get; init; }

    [JsonPropertyName("description")]
    public string Description { get; init; } = "";
}

/// <summary>What a name leads to in its registry (GET /distribution/{name}/json).</summary>
public sealed record DistributionInspect
{
    public required DescriptorInfo Descriptor { get; init; }
    public required IReadOnlyList<PlatformInfo> Platforms { get; init; }
}

/// <summary>What an image runs on, with the OCI's names.</summary>
public sealed record PlatformInfo
{
    [JsonPropertyName("architecture")]
    public required string Architecture { get; init; }

    [JsonPropertyName("os")]
    public required string Os { get; init; }

    [JsonPropertyName("os.version")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OsVersion { get; init; }

    [JsonPropertyName("variant")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }
}

using System.Text.Json.Serialization;

namespace Vitrine.Engine.Docker;

/// <summary>A volume (GET /volumes/{name}).</summary>
public sealed record Volume
{
    /// <summary>RFC 3339.</summary>
    public required string CreatedAt { get; init; }
    public string Driver { get; init; } = "local";
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public required string Mountpoint { get; init; }
    public required string Name { get; init; }
    public IReadOnlyDictionary<string, string>? Options { get; init; }
    public string Scope { get; init; } = "local";

    /// <summary>Only where it was asked for: counting walks the files.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VolumeUsageData? UsageData { get; init; }
}

/// <summary>What a volume takes, and who uses it.</summary>
public sealed record VolumeUsageData
{
    /// <summary>Containers that mount it, running or not.</summary>
    public int RefCount { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; init; }
}

/// <summary>The answer of GET /volumes.</summary>
public sealed record VolumeListResponse
{
    public IReadOnlyList<Volume> Volumes { get; init; } = [];
    public IReadOnlyList<string>? Warnings { get; init; }
}

/// <summary>The body of POST /volumes/create. Every field may be left out.</summary>
public sealed record VolumeCreateOptions
{
    /// <summary>Empty for a random one.</summary>
    public string Name { get; set; } = "";

    /// <summary>local, which is the only one; empty is the same.</summary>
    public string Driver { get; set; } = "";

    /// <summary>type, device and o, as mount(8) has them.</summary>
    public IReadOnlyDictionary<string, string>? DriverOpts { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>The answer of POST /volumes/prune.</summary>
public sealed record VolumesPruneReport
{
    public IReadOnlyList<string> VolumesDeleted { get; init; } = [];

    /// <summary>Bytes.</summary>
    public long SpaceReclaimed { get; init; }
}

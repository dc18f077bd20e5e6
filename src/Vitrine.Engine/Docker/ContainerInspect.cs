using System.Text.Json.Serialization;

namespace Vitrine.Engine.Docker;

/// <summary>Everything about one container (GET /containers/{id}/json), in the order docker inspect prints.</summary>
public sealed record ContainerInspect
{
    public required string Id { get; init; }

    /// <summary>RFC 3339 with nanoseconds.</summary>
    public required string Created { get; init; }
    public required string Path { get; init; }
    public required IReadOnlyList<string> Args { get; init; }
    public required ContainerStateInfo State { get; init; }

    /// <summary>Image id, sha256:...; empty for a container on a plain directory.</summary>
    public required string Image { get; init; }
    public string ResolvConfPath { get; init; } = "";
    public string HostnamePath { get; init; } = "";
    public string HostsPath { get; init; } = "";
    public string LogPath { get; init; } = "";

    /// <summary>With a leading slash, as Docker has it.</summary>
    public required string Name { get; init; }
    public int RestartCount { get; init; }
    public string Driver { get; init; } = "overlay2";
    public string Platform { get; init; } = "linux";
    public string MountLabel { get; init; } = "";
    public string ProcessLabel { get; init; } = "";
    public string AppArmorProfile { get; init; } = "";

    [JsonPropertyName("ExecIDs")]
    public IReadOnlyList<string>? ExecIds { get; init; }
    public required HostConfig HostConfig { get; init; }
    public required DriverData GraphDriver { get; init; }

    /// <summary>Bytes written by the container; only where asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRw { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRootFs { get; init; }
    public required IReadOnlyList<MountPoint> Mounts { get; init; }
    public required ContainerConfig Config { get; init; }
    public required NetworkSettings NetworkSettings { get; init; }
}

/// <summary>The State object of docker inspect (Engine API ContainerState).</summary>
public sealed record ContainerStateInfo
{
    /// <summary>created, running, paused, restarting, removing, exited or dead.</summary>
    public required string Status { get; init; }
    public bool Running { get; init; }
    public bool Paused { get; init; }
    public bool Restarting { get; init; }

    [JsonPropertyName("OOMKilled")]
    public bool OomKilled { get; init; }
    public bool Dead { get; init; }
    public int Pid { get; init; }
    public int ExitCode { get; init; }
    public string Error { get; init; } = "";

    /// <summary>RFC 3339 with nanoseconds; 0001-01-01T00:00:00Z before the first start.</summary>
    public string StartedAt { get; init; } = DockerTime.Zero;
    public string FinishedAt { get; init; } = DockerTime.Zero;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Health? Health { get; init; }
}

public sealed record Health
{
    /// <summary>none, starting, healthy or unhealthy.</summary>
    public required string Status { get; init; }
    public int FailingStreak { get; init; }
    public IReadOnlyList<HealthcheckResult>? Log { get; init; }
}

public sealed record HealthcheckResult
{
    public required string Start { get; init; }
    public required string End { get; init; }
    public int ExitCode { get; init; }
    public string Output { get; init; } = "";
}

/// <summary>A mount point of a container as docker inspect tells it.</summary>
public sealed record MountPoint
{
    /// <summary>bind, volume or tmpfs.</summary>
    public required string Type { get; init; }

    /// <summary>The volume's name; null for other types.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }
    public required string Source { get; init; }
    public required string Destination { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Driver { get; init; }
    public string Mode { get; init; } = "";

    [JsonPropertyName("RW")]
    public bool Rw { get; init; }
    public string Propagation { get; init; } = "";
}

/// <summary>Where a storage driver keeps the files.</summary>
public sealed record DriverData
{
    public IReadOnlyDictionary<string, string>? Data { get; init; }
    public required string Name { get; init; }
}

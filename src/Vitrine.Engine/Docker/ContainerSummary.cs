using System.Text.Json.Serialization;

namespace Vitrine.Engine.Docker;

/// <summary>One line of docker ps (GET /containers/json).</summary>
public sealed record ContainerSummary
{
    public required string Id { get; init; }

    /// <summary>With a leading slash, as Docker has them.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The reference it was created from.</summary>
    public required string Image { get; init; }

    [JsonPropertyName("ImageID")]
    public required string ImageId { get; init; }
    public required string Command { get; init; }

    /// <summary>Unix seconds.</summary>
    public long Created { get; init; }
    public required IReadOnlyList<Port> Ports { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SizeRw { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SizeRootFs { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>created, running, paused, restarting, removing, exited or dead.</summary>
    public required string State { get; init; }

    /// <summary>For people: "Up 3 minutes", "Exited (0) 2 hours ago".</summary>
    public required string Status { get; init; }
    public required SummaryHostConfig HostConfig { get; init; }
    public required SummaryNetworkSettings NetworkSettings { get; init; }
    public required IReadOnlyList<MountPoint> Mounts { get; init; }
}

public sealed record SummaryHostConfig
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NetworkMode { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

public sealed record SummaryNetworkSettings
{
    public IReadOnlyDictionary<string, EndpointSettings>? Networks { get; init; }
}

/// <summary>Processes of a container (GET /containers/{id}/top), columns as ps(1) prints them.</summary>
public sealed record TopResponse
{
    public required IReadOnlyList<IReadOnlyList<string>> Processes { get; init; }
    public required IReadOnlyList<string> Titles { get; init; }
}

/// <summary>How a container ended (POST /containers/{id}/wait).</summary>
public sealed record WaitResponse
{
    public required long StatusCode { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WaitError? Error { get; init; }
}

public sealed record WaitError
{
    public required string Message { get; init; }
}

/// <summary>Body of POST /containers/{id}/exec.</summary>
public sealed record ExecConfig
{
    public string User { get; set; } = "";
    public bool Privileged { get; init; }
    public bool Tty { get; init; }

    /// <summary>Height and width.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? ConsoleSize { get; init; }
    public bool AttachStdin { get; init; }
    public bool AttachStderr { get; init; }
    public bool AttachStdout { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DetachKeys { get; init; }
    public IReadOnlyList<string>? Env { get; init; }
    public string WorkingDir { get; set; } = "";
    public IReadOnlyList<string>? Cmd { get; init; }
}

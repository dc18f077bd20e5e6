using System.Text.Json.Serialization;

namespace Vitrine.Engine.Docker;

/// <summary>
/// What runs in a container, independent of the host (Engine API ContainerConfig). In a request a null collection
/// means "as the image says"; durations are nanoseconds.
/// </summary>
public record ContainerConfig
{
    public string Hostname { get; set; } = "";
    public string Domainname { get; set; } = "";

    /// <summary>name, uid, name:group or uid:gid; the image's user where empty.</summary>
    public string User { get; set; } = "";
    public bool AttachStdin { get; init; }
    public bool AttachStdout { get; init; }
    public bool AttachStderr { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, EmptyObject>? ExposedPorts { get; init; }
    public bool Tty { get; init; }
    public bool OpenStdin { get; init; }
    public bool StdinOnce { get; init; }

    /// <summary>NAME=value; a bare NAME takes the variable away that the image sets.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    public IReadOnlyList<string>? Cmd { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HealthConfig? Healthcheck { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ArgsEscaped { get; init; }
    public string Image { get; set; } = "";
    public IReadOnlyDictionary<string, EmptyObject>? Volumes { get; init; }
    public string WorkingDir { get; set; } = "";

    /// <summary>Null takes the image's; an empty list, or one empty string, takes it away.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool NetworkDisabled { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MacAddress { get; init; }
    public IReadOnlyList<string>? OnBuild { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Name or number; SIGTERM where neither the request nor the image says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StopSignal { get; init; }

    /// <summary>Seconds between the stop signal and SIGKILL; -1 waits for ever.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? StopTimeout { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Shell { get; init; }

    /// <summary>These fields alone, where this is a <see cref="ContainerCreateRequest"/>.</summary>
    internal ContainerConfig ConfigOnly() => new(this);
}

/// <summary>Body of POST /containers/create.</summary>
public sealed record ContainerCreateRequest : ContainerConfig
{
    public HostConfig? HostConfig { get; init; }
    public NetworkingConfig? NetworkingConfig { get; init; }
}

/// <summary>The id of the container made, and what of the request could not be honoured to the letter.</summary>
public sealed record ContainerCreateResponse
{
    public required string Id { get; init; }
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>Go's <c>struct{}</c>, the value in Docker's sets: <c>{"80/tcp": {}}</c>.</summary>
public readonly record struct EmptyObject;

/// <summary>A health check; durations in nanoseconds, 0 where inherited.</summary>
public sealed record HealthConfig
{
    /// <summary>[] inherited, ["NONE"], ["CMD", args...] or ["CMD-SHELL", command].</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Test { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Interval { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Timeout { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long StartPeriod { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long StartInterval { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Retries { get; init; }

    /// <summary>podman's: what becomes of an unhealthy container: none, kill, restart or stop.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OnFailure { get; init; }
}

using System.Text.Json.Serialization;

namespace Vitrine.Api.Wire;

/// <summary>The body of every failure.</summary>
internal sealed record ErrorBody
{
    [JsonPropertyName("message")]
    public required string Message { get; init; }
}

/// <summary>The id of what was made.</summary>
internal sealed record IdBody
{
    public required string Id { get; init; }
}

/// <summary>What of a change could not be honoured to the letter.</summary>
internal sealed record WarningsBody
{
    public IReadOnlyList<string>? Warnings { get; init; }
}

/// <summary>POST /containers/prune.</summary>
internal sealed record ContainersPruneBody
{
    public IReadOnlyList<string>? ContainersDeleted { get; init; }
    public long SpaceReclaimed { get; init; }
}

/// <summary>POST /build/prune.</summary>
internal sealed record BuildPruneBody
{
    public IReadOnlyList<string>? CachesDeleted { get; init; }
    public long SpaceReclaimed { get; init; }
}

/// <summary>Body of POST /exec/{id}/start.</summary>
internal sealed record ExecStartRequest
{
    public bool Detach { get; init; }
    public bool Tty { get; init; }

    /// <summary>Height and width.</summary>
    public IReadOnlyList<int>? ConsoleSize { get; init; }
}

/// <summary>GET /exec/{id}/json.</summary>
internal sealed record ExecInspectBody
{
    [JsonPropertyName("ID")]
    public required string Id { get; init; }
    public bool Running { get; init; }
    public int? ExitCode { get; init; }
    public required ExecProcessBody ProcessConfig { get; init; }
    public bool OpenStdin { get; init; }
    public bool OpenStderr { get; init; }
    public bool OpenStdout { get; init; }
    public bool CanRemove { get; init; }

    [JsonPropertyName("ContainerID")]
    public required string ContainerId { get; init; }
    public string DetachKeys { get; init; } = "";
    public int Pid { get; init; }
}

internal sealed record ExecProcessBody
{
    [JsonPropertyName("tty")]
    public bool Tty { get; init; }

    [JsonPropertyName("entrypoint")]
    public required string Entrypoint { get; init; }

    [JsonPropertyName("arguments")]
    public required IReadOnlyList<string> Arguments { get; init; }

    [JsonPropertyName("privileged")]
    public bool Privileged { get; init; }

    [JsonPropertyName("user")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }
}

/// <summary>GET /version.</summary>
internal sealed record VersionBody
{
    public required VersionPlatform Platform { get; init; }
    public required IReadOnlyList<VersionComponent> Components { get; init; }
    public required string Version { get; init; }
    public required string ApiVersion { get; init; }

    [JsonPropertyName("MinAPIVersion")]
    public required string MinApiVersion { get; init; }
    public required string GitCommit { get; init; }
    public required string GoVersion { get; init; }
    public required string Os { get; init; }
    public required string Arch { get; init; }
    public required string KernelVersion { get; init; }
    public required string BuildTime { get; init; }
}

internal sealed record VersionPlatform
{
    public required string Name { get; init; }
}

internal sealed record VersionComponent
{
    public required string Name { get; init; }
    public required string Version { get; init; }
    public required IReadOnlyDictionary<string, string> Details { get; init; }
}

/// <summary>One line of a pull, push, load or import.</summary>
internal sealed record ProgressBody
{
    [JsonPropertyName("stream")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Stream { get; init; }

    [JsonPropertyName("status")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }

    [JsonPropertyName("progressDetail")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProgressDetail? Detail { get; init; }

    [JsonPropertyName("progress")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Progress { get; init; }

    [JsonPropertyName("id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    [JsonPropertyName("aux")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PushedBody? Pushed { get; init; }

    [JsonPropertyName("errorDetail")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProgressError? ErrorDetail { get; init; }

    [JsonPropertyName("error")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }
}

/// <summary>What a push ended with, for programs.</summary>
internal sealed record PushedBody
{
    public required string Tag { get; init; }
    public required string Digest { get; init; }
    public long Size { get; init; }
}

internal sealed record ProgressDetail
{
    [JsonPropertyName("current")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Current { get; init; }

    [JsonPropertyName("total")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Total { get; init; }
}

internal sealed record ProgressError
{
    [JsonPropertyName("message")]
    public required string Message { get; init; }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNameCaseInsensitive = true, MaxDepth = 32)]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(IdBody))]
[JsonSerializable(typeof(WarningsBody))]
[JsonSerializable(typeof(ContainersPruneBody))]
[JsonSerializable(typeof(BuildPruneBody))]
[JsonSerializable(typeof(ExecStartRequest))]
[JsonSerializable(typeof(ExecInspectBody))]
[JsonSerializable(typeof(VersionBody))]
[JsonSerializable(typeof(ProgressBody))]
internal sealed partial class ApiJson : JsonSerializerContext;

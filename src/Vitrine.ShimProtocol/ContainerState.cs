using System.Text.Json.Serialization;

namespace Vitrine.ShimProtocol;

/// <summary>Docker's container states.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ContainerStatus>))]
public enum ContainerStatus
{
    [JsonStringEnumMemberName("created")]
    Created,

    [JsonStringEnumMemberName("running")]
    Running,

    [JsonStringEnumMemberName("paused")]
    Paused,

    [JsonStringEnumMemberName("restarting")]
    Restarting,

    [JsonStringEnumMemberName("exited")]
    Exited,

    [JsonStringEnumMemberName("dead")]
    Dead,
}

/// <summary>
/// state.json in the container's directory: written by the engine at creation, then only by the shim, always by
/// rename. What it says of a running process is to be believed only while a shim holds shim.lock beside it.
/// </summary>
public sealed record ContainerState
{
    public ContainerStatus Status { get; init; }

    /// <summary>Host pid of the container's first process; 0 when none runs.</summary>
    public int Pid { get; init; }

    /// <summary>Its start time in clock ticks since boot (proc(5), field 22), so that a reused pid is not believed.</summary>
    public ulong PidStartTime { get; init; }

    public int ShimPid { get; init; }

    /// <summary>The boot this was written in (/proc/sys/kernel/random/boot_id).</summary>
    public string? BootId { get; init; }

    /// <summary>Exit code as a shell gives it: 128 + n for a process killed by signal n.</summary>
    public int ExitCode { get; init; }

    /// <summary>The signal that ended the process, or null.</summary>
    public int? Signal { get; init; }

    public bool OomKilled { get; init; }

    /// <summary>Why the last start failed or how the process was lost; empty otherwise.</summary>
    public string Error { get; init; } = "";

    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public int RestartCount { get; init; }

    /// <summary>Whether a person stopped it: unless-stopped then stays stopped at boot.</summary>
    public bool StoppedByUser { get; init; }

    [JsonIgnore]
    public bool IsRunning => Status is ContainerStatus.Running or ContainerStatus.Paused;

    [JsonIgnore]
    public bool HasShim => IsRunning || Status is ContainerStatus.Restarting;
}

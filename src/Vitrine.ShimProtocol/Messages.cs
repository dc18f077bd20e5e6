using System.Text.Json.Serialization;

namespace Vitrine.ShimProtocol;

/// <summary>
/// The messages of the control socket. shim.sock is a SOCK_SEQPACKET unix socket; the shim is started with one
/// connection already open as fd 3, the boot connection. One packet is one message: this byte, then the payload -
/// UTF-8 JSON of the record named, or raw bytes for the streams. File descriptors travel with SCM_RIGHTS.
/// </summary>
/// <remarks>
/// A boot conversation: [Attach] [Wait] [Join...] Start -> Started | Failed ... Stdout Stderr ... Exited. The end of the boot
/// connection before Start makes the shim leave without a trace. A connection that attached gets output frames, then
/// Exited when the process ends, also where it is then restarted; its closing detaches it and changes nothing else.
/// A connection gets one Exited for its attachment and its wait together; where it waits for removal, then.
/// </remarks>
public enum MessageKind : byte
{
    /// <summary>Not sent: what a receiver sees when the other side has closed.</summary>
    Closed = 0,

    // Client to shim.

    /// <summary><see cref="AttachRequest"/>. Not answered.</summary>
    Attach = 1,

    /// <summary>Empty; boot connection only. Answered by Started or Failed.</summary>
    Start = 2,

    /// <summary>Raw bytes for the process's stdin, at most <see cref="ShimChannel.MaxStreamBytes"/>, from a connection attached to it. Not answered.</summary>
    Stdin = 3,

    /// <summary>Empty; end of the process's stdin. Not answered.</summary>
    StdinClose = 4,

    /// <summary><see cref="SignalRequest"/>. Answered by Done or Failed.</summary>
    Signal = 5,

    /// <summary><see cref="TerminalSize"/>. Answered by Done or Failed.</summary>
    Resize = 6,

    /// <summary><see cref="WaitRequest"/>. Answered by Exited.</summary>
    Wait = 7,

    /// <summary><see cref="StopRequest"/>. Answered by Exited when all is cleaned up.</summary>
    Stop = 8,

    /// <summary><see cref="ExecRequest"/> in a memfd (first fd), then stdin, stdout and stderr unless it asks for a terminal; then, at
    /// the sender's choice, the other ends of two pipes it is to read away, should the sender be gone before the process.
    /// Answered by ExecStarted (with the pty's master as its fd where a terminal was asked for) or Failed, later ExecExited.</summary>
    Exec = 9,

    /// <summary><see cref="ReloadRequest"/>: plan.json was written anew; the name, attributes, restart policy, stop signal and timeout
    /// in it count from now on. Answered by Done or Failed.</summary>
    Reload = 10,

    /// <summary>Empty. Answered by Done or Failed.</summary>
    Pause = 11,

    /// <summary>Empty. Answered by Done or Failed.</summary>
    Unpause = 12,

    /// <summary>Empty: the user leaves what this connection is attached to, or its exec; either goes on. Not answered.</summary>
    Detach = 13,

    /// <summary>Empty, with a socket's end as its fd; boot connection only, before Start. The shim serves that socket as a connection
    /// like any other, and takes what was sent on it already before it goes on. Not answered.</summary>
    Join = 20,

    // Shim to client.

    /// <summary><see cref="StartedReply"/>.</summary>
    Started = 64,

    /// <summary><see cref="FailedReply"/>.</summary>
    Failed = 65,

    /// <summary>Empty: the request was carried out.</summary>
    Done = 66,

    /// <summary>Raw bytes of the process's stdout, or of its terminal.</summary>
    Stdout = 67,

    /// <summary>Raw bytes of the process's stderr.</summary>
    Stderr = 68,

    /// <summary><see cref="ExitedReply"/>; the last message about this run of the process. All output came before it.</summary>
    Exited = 69,

    /// <summary><see cref="StartedReply"/> of an exec.</summary>
    ExecStarted = 70,

    /// <summary><see cref="ExitedReply"/> of an exec.</summary>
    ExecExited = 71,
}

public sealed record AttachRequest
{
    public bool Stdin { get; init; }
    public bool Stdout { get; init; }
    public bool Stderr { get; init; }
}

public sealed record SignalRequest
{
    public int Signal { get; init; }
}

public sealed record TerminalSize
{
    public ushort Rows { get; init; }
    public ushort Columns { get; init; }
}

/// <summary>What a <see cref="WaitRequest"/> waits for, by the Engine API's names.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WaitCondition>))]
public enum WaitCondition
{
    /// <summary>The process is not running. As in Docker it counts as running between two restarts, so that this is its next end.</summary>
    [JsonStringEnumMemberName("not-running")]
    NotRunning,

    /// <summary>The process ends the next time.</summary>
    [JsonStringEnumMemberName("next-exit")]
    NextExit,

    /// <summary>The container is cleaned up, and gone where it is removed automatically: the shim's last word.</summary>
    [JsonStringEnumMemberName("removed")]
    Removed,
}

public sealed record WaitRequest
{
    /// <summary>What to wait for.</summary>
    public WaitCondition Condition { get; init; }
}

public sealed record StopRequest
{
    /// <summary>The signal to send first; the plan's where null.</summary>
    public int? Signal { get; init; }

    /// <summary>Seconds to wait before SIGKILL, -1 for ever; the plan's where null.</summary>
    public int? Timeout { get; init; }

    /// <summary>Leave the container in place even where the plan would remove it: the caller starts it again.</summary>
    public bool Keep { get; init; }

    /// <summary>It is a kill: the container's events then have no stop.</summary>
    public bool IsKill { get; init; }
}

public sealed record ReloadRequest
{
    /// <summary>Also set the limits that config.json has now.</summary>
    public bool Limits { get; init; }
}

/// <summary>A further process in the container's namespaces and cgroup.</summary>
public sealed record ExecRequest
{
    public required Vitrine.Oci.Runtime.ProcessSpec Process { get; init; }

    /// <summary>Its id, for events and its state file.</summary>
    public string Id { get; init; } = "";

    /// <summary>Give it every capability and no seccomp filter.</summary>
    public bool Privileged { get; init; }

    /// <summary>An absolute path to write its <see cref="ExecStatus"/> to when it has started and when it has ended; null for none.</summary>
    public string? StatusFile { get; init; }
}

/// <summary>How a process that an exec started is, in a file: true without the process that asked for it.</summary>
public sealed record ExecStatus
{
    /// <summary>Host pid.</summary>
    public int Pid { get; init; }

    /// <summary>Null while it runs.</summary>
    public int? ExitCode { get; init; }
}

public sealed record StartedReply
{
    /// <summary>Host pid.</summary>
    public int Pid { get; init; }

    /// <summary>What could not be had as configured and was no reason to fail: one line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What a user should know at once: settings of the host that were changed, a firewall that is passed by.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

public sealed record FailedReply
{
    public required string Message { get; init; }

    /// <summary>What the CLI's exit code would be: 125, 126 (cannot run) or 127 (not found).</summary>
    public int ExitCode { get; init; } = 125;
}

public sealed record ExitedReply
{
    public int ExitCode { get; init; }
    public int? Signal { get; init; }
    public bool OomKilled { get; init; }
    public string Error { get; init; } = "";
    public DateTimeOffset FinishedAt { get; init; }

    /// <summary>Whether the container was removed after it.</summary>
    public bool Removed { get; init; }
}

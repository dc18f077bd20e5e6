using Microsoft.Win32.SafeHandles;

namespace Vitrine.Engine;

/// <summary>What creating a container needs beside Docker's request.</summary>
public sealed record CreateOptions
{
    /// <summary>os/architecture[/variant] of the image; the host's where null.</summary>
    public string? Platform { get; init; }

    /// <summary>An absolute directory to use as the root file system in place of an image.</summary>
    public string? RootFs { get; init; }

    /// <summary>The caller starts the container as soon as it is made: its shim is booted meanwhile.</summary>
    public bool StartFollows { get; init; }
}

/// <summary>How to start a container.</summary>
public sealed record StartOptions
{
    /// <summary>Attach before the process runs, so that no output is missed; null leaves it in the background.</summary>
    public AttachOptions? Attach { get; init; }

    /// <summary>Called when nothing but the start itself can fail any more: who attaches here misses no output and no end.</summary>
    public Action<StartingContainer>? BeforeStart { get; init; }
}

/// <summary>A container whose process is about to run.</summary>
public sealed class StartingContainer
{
    private readonly Func<AttachOptions, ContainerSession> _attach;

    internal StartingContainer(Func<AttachOptions, ContainerSession> attach) => _attach = attach;

    /// <summary>A session that has everything from the first byte on. Where the start fails it ends without an exit status.</summary>
    public ContainerSession Attach(AttachOptions attach) => _attach(attach);
}

/// <summary>Which streams a session carries.</summary>
public sealed record AttachOptions
{
    public bool Stdin { get; init; }
    public bool Stdout { get; init; } = true;
    public bool Stderr { get; init; } = true;

    /// <summary>Whether the session ends when the container is removed, or when its process ends; null chooses by --rm.</summary>
    public bool? UntilRemoved { get; init; }

    /// <summary>Size of the client's terminal, set before the process runs; null leaves it.</summary>
    public (ushort Rows, ushort Columns)? TerminalSize { get; init; }
}

/// <summary>Which containers to list.</summary>
public sealed record ListOptions
{
    /// <summary>Also those that do not run.</summary>
    public bool All { get; init; }

    /// <summary>At most so many of the newest, running or not; 0 is without limit.</summary>
    public int Limit { get; init; }

    /// <summary>Count SizeRw and SizeRootFs, which walks the files.</summary>
    public bool Size { get; init; }

    /// <summary>Docker's filters: name to values, e.g. status to [exited, dead]. Values of one filter are alternatives
    /// (labels: all must match), different filters must all match.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Filters { get; init; }
}

/// <summary>Which part of a container's log to read.</summary>
public sealed record LogOptions
{
    public bool Stdout { get; init; } = true;
    public bool Stderr { get; init; } = true;
    public bool Follow { get; init; }

    /// <summary>Only so many lines from the end; null is all.</summary>
    public int? Tail { get; init; }
    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }
}

/// <summary>Which of the process's streams bytes belong to. A terminal has only stdout.</summary>
public enum OutputStream
{
    Stdout = 1,
    Stderr = 2,
}

/// <summary>The caller's descriptors for an exec; they stay the caller's to close.</summary>
public sealed record ExecStreams(SafeFileHandle? Stdin, SafeFileHandle? Stdout, SafeFileHandle? Stderr)
{
    /// <summary>The other ends of stdout and stderr where those are pipes that block no reader: should the caller be gone before the
    /// process, what it still writes is read away and it goes on.</summary>
    public (SafeFileHandle Output, SafeFileHandle Errors)? Drained { get; init; }
}

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">As a shell gives it: 128 + n for a process killed by signal n.</param>
/// <param name="OomKilled">Whether the kernel killed it for want of memory.</param>
/// <param name="Error">Why it was lost or could not be restarted; empty otherwise.</param>
public readonly record struct ExitStatus(int ExitCode, bool OomKilled = false, string Error = "");

/// <summary>The process could not be started.</summary>
public sealed class ContainerStartException(string message, int exitCode) : VitrineException(
    exitCode is 126 or 127 ? ErrorKind.Invalid : ErrorKind.Internal, message)
{
    internal const int EngineFailure = 125;

    /// <summary>docker's exit code: 125 engine failure, 126 cannot be run, 127 not found.</summary>
    public int ExitCode { get; } = exitCode;
}

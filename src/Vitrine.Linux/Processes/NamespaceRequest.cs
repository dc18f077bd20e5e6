using Vitrine.Linux.Proc;

namespace Vitrine.Linux;

/// <summary>
/// A command that is to run in namespaces: which it makes and which it joins, and what it becomes in them; what unshare(1) and
/// nsenter(1) take as options. Paths are the caller's.
/// </summary>
public sealed record NamespaceRequest
{
    /// <summary>The kinds that are made anew.</summary>
    public IReadOnlyList<NamespaceKind> New { get; init; } = [];

    /// <summary>The process whose namespaces are joined, or 0.</summary>
    public int Target { get; init; }

    /// <summary>When the target started, in clock ticks since boot, where another process of its number would be a mistake; else 0.</summary>
    public ulong TargetStart { get; init; }

    /// <summary>The kinds of the target that are joined.</summary>
    public IReadOnlyList<NamespaceKind> Joined { get; init; } = [];

    /// <summary>Namespaces that are joined by a file.</summary>
    public IReadOnlyList<NamespaceFile> JoinedFiles { get; init; } = [];

    /// <summary>Whether the command goes to where others are; a command that does not stays with what is made for it.</summary>
    public bool Enters => Target != 0 || JoinedFiles.Count > 0;

    /// <summary>Files that the new namespaces are bound to, which keeps them when their last process has gone.</summary>
    public IReadOnlyList<NamespaceFile> Kept { get; init; } = [];

    /// <summary>Lines of /proc/PID/uid_map for a new user namespace (user_namespaces(7)); empty leaves every id unmapped.</summary>
    public string UidMap { get; init; } = "";

    /// <inheritdoc cref="UidMap"/>
    public string GidMap { get; init; } = "";

    /// <summary>What is written to /proc/PID/setgroups, <c>allow</c> or <c>deny</c>; null for what the maps ask for.</summary>
    public string? SetGroups { get; init; }

    /// <summary>Whether the command is a child of the process that made or joined the namespaces: only then is it in a pid namespace itself.</summary>
    public bool Forks { get; init; }

    /// <summary>The signal that ends the command with whoever started it; 0 for none.</summary>
    public int DeathSignal { get; init; }

    /// <summary>How all mounts of a new mount namespace hear of others' changes; none leaves them as they are.</summary>
    public MountFlags Propagation { get; init; }

    /// <summary>A directory that becomes the root, and null for none; in namespaces that are made it is found after them, in joined ones before.</summary>
    public string? Root { get; init; }

    /// <summary>The working directory, found as <see cref="Root"/> is.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The working directory as it is called inside.</summary>
    public string? InnerWorkingDirectory { get; init; }

    /// <summary>Where a new procfs is mounted, or null.</summary>
    public string? ProcMountPoint { get; init; }

    /// <summary>The host name that a new UTS namespace gets, or null.</summary>
    public string? HostName { get; init; }

    /// <summary>Seconds that the monotonic clock of a new time namespace is ahead, or null.</summary>
    public long? Monotonic { get; init; }

    /// <summary>Seconds that the clock since boot of a new time namespace is ahead, or null.</summary>
    public long? Boottime { get; init; }

    /// <summary>The user that the command becomes, as numbered inside; null for no change.</summary>
    public uint? Uid { get; init; }

    /// <inheritdoc cref="Uid"/>
    public uint? Gid { get; init; }

    /// <summary>Whether supplementary groups are given up; where a user namespace forbids that, they stay.</summary>
    public bool ClearsGroups { get; init; }

    /// <summary>Whether the capabilities that a user namespace gave outlive the command's execution by another user than root.</summary>
    public bool KeepsCapabilities { get; init; }

    /// <summary>The environment; null for the caller's.</summary>
    public IReadOnlyList<string>? Environment { get; init; }

    /// <summary>A root with tools from elsewhere, for a command that debugs the target; null for none.</summary>
    public ToolsRoot? Tools { get; init; }
}

/// <summary>A file that stands for a namespace: a link in /proc/PID/ns, or one that was bound to it.</summary>
public sealed record NamespaceFile(NamespaceKind Kind, string Path);

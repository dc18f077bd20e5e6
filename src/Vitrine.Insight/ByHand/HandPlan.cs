using Vitrine.Linux.Proc;

namespace Vitrine.Insight.ByHand;

/// <summary>All that it takes to start a container's first process again with nothing but the host's ordinary tools.</summary>
public sealed record HandPlan
{
    /// <summary>The container's name, or its first process's.</summary>
    public required string Name { get; init; }

    /// <summary>Host pid of the first process that the plan was read from.</summary>
    public required int Pid { get; init; }

    /// <summary>Kinds of namespaces to make, by the names of unshare's options: pid, net, mount...</summary>
    public IReadOnlyList<NamespaceKind> Made { get; init; } = [];

    /// <summary>Namespaces of others to join.</summary>
    public IReadOnlyList<JoinedNamespace> Joined { get; init; } = [];

    /// <summary>What /proc/PID/timens_offsets has; empty without a time namespace.</summary>
    public IReadOnlyList<string> TimeOffsets { get; init; } = [];

    public IReadOnlyList<IdRange> UserMap { get; init; } = [];
    public IReadOnlyList<IdRange> GroupMap { get; init; } = [];
    public required HandRoot Root { get; init; }

    /// <summary>In the order in which they can be made.</summary>
    public IReadOnlyList<HandMount> Mounts { get; init; } = [];

    public IReadOnlyList<HandNode> Nodes { get; init; } = [];
    public IReadOnlyList<HandGroup> Groups { get; init; } = [];
    public IReadOnlyList<HandInterface> Interfaces { get; init; } = [];
    public string? Hostname { get; init; }
    public string? Domainname { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Sysctls { get; init; } = [];

    /// <summary>Only those that differ from the reader's own.</summary>
    public IReadOnlyList<LimitFact> Limits { get; init; } = [];

    public required HandProcess Process { get; init; }

    /// <summary>What the container has and ordinary tools cannot make, one sentence each.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];
}

/// <summary>A namespace and a process that is in it.</summary>
public sealed record JoinedNamespace(NamespaceKind Kind, int Pid);

/// <summary>Where the root filesystem comes from: an overlay's read-only layers, topmost first, or a directory of the host.</summary>
public sealed record HandRoot
{
    public IReadOnlyList<string> Layers { get; init; } = [];
    public string? Directory { get; init; }
    public bool ReadOnly { get; init; }

    /// <summary>Whether it is the host's own root, which needs no making.</summary>
    public bool IsHost => Layers.Count == 0 && Directory is null;
}

public enum HandMountKind
{
    /// <summary>A filesystem made new: mount -t.</summary>
    New,

    /// <summary>A file or directory of the host: mount --bind.</summary>
    Bind,

    /// <summary>Something that is in the new root already: mount --bind of its own path.</summary>
    Within,

    /// <summary>The container's own directory in a hierarchy of control groups; <see cref="HandMount.Source"/> is the live one.</summary>
    OwnGroup,
}

/// <summary>Where a mount's own place is.</summary>
public enum HandPlace
{
    /// <summary>In the root filesystem.</summary>
    OnRoot,

    /// <summary>In another mount, where it may have to be made.</summary>
    OnMount,

    /// <summary>In a filesystem that the kernel fills: it is there.</summary>
    InKernel,
}

public sealed record HandMount
{
    public required HandMountKind Kind { get; init; }

    /// <summary>In the container.</summary>
    public required string Destination { get; init; }

    public string FileSystem { get; init; } = "";
    public string Source { get; init; } = "";

    /// <summary>Options of the filesystem: size=64m...</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>Options of this mount: nosuid, ro...; none of the kernel's defaults.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>shared, slave, unbindable; null for private.</summary>
    public string? Propagation { get; init; }

    public bool IsFile { get; init; }

    public HandPlace Place { get; init; }

    /// <summary>What it is for, in one sentence.</summary>
    public required string Why { get; init; }
}

/// <summary>A device node or, with a target, a symbolic link.</summary>
public sealed record HandNode
{
    public required string Path { get; init; }
    public string? Target { get; init; }

    /// <summary>b, c or p.</summary>
    public char Type { get; init; }
    public uint Major { get; init; }
    public uint Minor { get; init; }
    public uint Permissions { get; init; }
    public uint Uid { get; init; }
    public uint Gid { get; init; }
}

/// <summary>A control group to make beside the container's.</summary>
public sealed record HandGroup
{
    public required IReadOnlyList<string> Controllers { get; init; }

    /// <summary>The container's own, on the host.</summary>
    public required string Directory { get; init; }

    public IReadOnlyList<HandSetting> Settings { get; init; } = [];
}

/// <summary>A value to write to a file of a control group.</summary>
/// <param name="File">Its name.</param>
/// <param name="Value">What is echoed there.</param>
/// <param name="IsEarly">Whether it must be there before a process joins (cpuset).</param>
public sealed record HandSetting(string File, string Value, bool IsEarly = false);

/// <summary>An interface that is one end of a pair.</summary>
public sealed record HandInterface
{
    public required string Name { get; init; }

    /// <summary>The bridge that the host's end is in; null for none.</summary>
    public string? Bridge { get; init; }

    /// <summary>The container's address with its prefix; null for none.</summary>
    public string? Address { get; init; }

    /// <summary>An address of the same network that is likely free while the container lives.</summary>
    public string? OtherAddress { get; init; }

    public string? Gateway { get; init; }
}

public sealed record HandProcess
{
    public IReadOnlyList<HandWord> Arguments { get; init; } = [];

    /// <summary>NAME=value each.</summary>
    public IReadOnlyList<HandWord> Environment { get; init; } = [];

    public required string Directory { get; init; }
    public required uint Uid { get; init; }
    public required uint Gid { get; init; }

    /// <summary>Supplementary groups; null where they cannot be changed.</summary>
    public IReadOnlyList<uint>? Groups { get; init; }

    public required IReadOnlyList<string> Bounding { get; init; }
    public required IReadOnlyList<string> Inheritable { get; init; }
    public required IReadOnlyList<string> Ambient { get; init; }
    public bool NoNewPrivileges { get; init; }
    public string? AppArmorProfile { get; init; }
    public string? SelinuxLabel { get; init; }
    public string? OutOfMemoryScore { get; init; }

    /// <summary>Octal.</summary>
    public string? Umask { get; init; }

    /// <summary>Whether an init of the engine's is pid 1 and the command its child.</summary>
    public bool HasInit { get; init; }
}

/// <summary>A word of the command line or the environment.</summary>
/// <param name="Text">The whole word; where it holds a secret, what stands before it (<c>NAME=</c>).</param>
/// <param name="Secret">The name of the variable that whoever runs the script gives the secret in; null where there is none.</param>
public sealed record HandWord(string Text, string? Secret = null);

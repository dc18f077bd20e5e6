using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Oci.Runtime;

/// <summary>The Linux section (runtime-spec config-linux.md).</summary>
public sealed record LinuxSpec
{
    public IReadOnlyList<Namespace>? Namespaces { get; init; }
    public IReadOnlyList<IdMapping>? UidMappings { get; init; }
    public IReadOnlyList<IdMapping>? GidMappings { get; init; }
    public IReadOnlyDictionary<string, TimeOffset>? TimeOffsets { get; init; }
    public IReadOnlyList<Device>? Devices { get; init; }

    /// <summary>Absolute below the cgroup mounts, e.g. <c>/vitrine/ID</c>.</summary>
    public string? CgroupsPath { get; init; }
    public Resources? Resources { get; init; }
    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }
    public Seccomp? Seccomp { get; init; }
    public string? RootfsPropagation { get; init; }
    public IReadOnlyList<string>? MaskedPaths { get; init; }
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }
    public string? MountLabel { get; init; }
    public IntelRdt? IntelRdt { get; init; }
    public MemoryPolicy? MemoryPolicy { get; init; }
    public Personality? Personality { get; init; }

    /// <summary>Network interfaces of the host that move into the container, by the names they have on the host.</summary>
    public IReadOnlyDictionary<string, NetDevice>? NetDevices { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

public sealed record Namespace
{
    /// <summary>pid, network, mount, ipc, uts, user, cgroup or time.</summary>
    public required string Type { get; init; }

    /// <summary>The namespace file to join; a new namespace is made where it is null.</summary>
    public string? Path { get; init; }
}

public sealed record TimeOffset
{
    public long Secs { get; init; }
    public uint Nanosecs { get; init; }
}

public sealed record Device
{
    /// <summary>c, b, u or p.</summary>
    public required string Type { get; init; }
    public required string Path { get; init; }
    public long Major { get; init; }
    public long Minor { get; init; }
    public uint? FileMode { get; init; }
    public uint? Uid { get; init; }
    public uint? Gid { get; init; }
}

public sealed record Personality
{
    public required string Domain { get; init; }
    public IReadOnlyList<string>? Flags { get; init; }
}

/// <summary>Cache and memory bandwidth by a class of service (config-linux.md, IntelRdt).</summary>
public sealed record IntelRdt
{
    /// <summary>The class; "/" is the default one, null one of the container's own.</summary>
    [JsonPropertyName("closID")]
    public string? ClosId { get; init; }
    public string? L3CacheSchema { get; init; }
    public string? MemBwSchema { get; init; }

    /// <summary>Lines of the class's schemata file, written after the other two.</summary>
    public IReadOnlyList<string>? Schemata { get; init; }
    public bool EnableMonitoring { get; init; }
}

/// <summary>The NUMA memory policy (set_mempolicy(2)).</summary>
public sealed record MemoryPolicy
{
    /// <summary>For example MPOL_INTERLEAVE.</summary>
    public required string Mode { get; init; }

    /// <summary>For example <c>0-3,7</c>.</summary>
    public string? Nodes { get; init; }
    public IReadOnlyList<string>? Flags { get; init; }
}

public sealed record NetDevice
{
    /// <summary>Its name in the container; <c>%d</c> in it is a number that the kernel chooses; null is the name it has.</summary>
    public string? Name { get; init; }
}

/// <summary>A seccomp filter (config-linux.md, Seccomp).</summary>
public sealed record Seccomp
{
    public required string DefaultAction { get; init; }
    public uint? DefaultErrnoRet { get; init; }
    public IReadOnlyList<string>? Architectures { get; init; }
    public IReadOnlyList<string>? Flags { get; init; }
    public string? ListenerPath { get; init; }
    public string? ListenerMetadata { get; init; }
    public IReadOnlyList<SyscallRule>? Syscalls { get; init; }
}

public sealed record SyscallRule
{
    public required IReadOnlyList<string> Names { get; init; }
    public required string Action { get; init; }
    public uint? ErrnoRet { get; init; }
    public IReadOnlyList<SyscallArgument>? Args { get; init; }
}

public sealed record SyscallArgument
{
    public uint Index { get; init; }
    public ulong Value { get; init; }
    public ulong ValueTwo { get; init; }

    /// <summary>SCMP_CMP_NE, LT, LE, EQ, GE, GT or MASKED_EQ.</summary>
    public required string Op { get; init; }
}

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
    public JsonElement? IntelRdt { get; init; }
    public Personality? Personality { get; init; }
    public JsonElement? NetDevices { get; init; }

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

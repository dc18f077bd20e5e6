using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Oci.Runtime;

/// <summary>An OCI bundle's config.json (runtime-spec config.md). Fields this version does not know are kept.</summary>
public sealed record Spec
{
    public string OciVersion { get; init; } = "1.2.0";
    public Root? Root { get; init; }
    public string? Hostname { get; init; }
    public string? Domainname { get; init; }
    public ProcessSpec? Process { get; init; }
    public IReadOnlyList<Mount>? Mounts { get; init; }
    public Hooks? Hooks { get; init; }
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
    public LinuxSpec? Linux { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>The container's root filesystem (config.md, Root).</summary>
public sealed record Root
{
    public required string Path { get; init; }
    public bool Readonly { get; init; }
}

/// <summary>One mount, in the order of the list (config.md, Mounts).</summary>
public sealed record Mount
{
    public required string Destination { get; init; }
    public string? Type { get; init; }
    public string? Source { get; init; }
    public IReadOnlyList<string>? Options { get; init; }
    public IReadOnlyList<IdMapping>? UidMappings { get; init; }
    public IReadOnlyList<IdMapping>? GidMappings { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>The process to run (config.md, Process).</summary>
public sealed record ProcessSpec
{
    public bool Terminal { get; init; }
    public ConsoleSize? ConsoleSize { get; init; }
    public User User { get; init; } = new();
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>For Windows only.</summary>
    public string? CommandLine { get; init; }
    public IReadOnlyList<string>? Env { get; init; }
    public string Cwd { get; init; } = "/";
    public Capabilities? Capabilities { get; init; }
    public IReadOnlyList<Rlimit>? Rlimits { get; init; }
    public bool NoNewPrivileges { get; init; }
    public string? ApparmorProfile { get; init; }
    public string? SelinuxLabel { get; init; }
    public int? OomScoreAdj { get; init; }
    public Scheduler? Scheduler { get; init; }
    public IoPriority? IoPriority { get; init; }

    [JsonPropertyName("execCPUAffinity")]
    public ExecCpuAffinity? ExecCpuAffinity { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

public sealed record ConsoleSize
{
    public ushort Height { get; init; }
    public ushort Width { get; init; }
}

public sealed record User
{
    public uint Uid { get; init; }
    public uint Gid { get; init; }

    /// <summary>File mode creation mask, or null to leave the default (0022).</summary>
    public uint? Umask { get; init; }
    public IReadOnlyList<uint>? AdditionalGids { get; init; }
    public string? Username { get; init; }
}

/// <summary>The five capability sets, as names with the CAP_ prefix (capabilities(7)).</summary>
public sealed record Capabilities
{
    public IReadOnlyList<string>? Bounding { get; init; }
    public IReadOnlyList<string>? Effective { get; init; }
    public IReadOnlyList<string>? Inheritable { get; init; }
    public IReadOnlyList<string>? Permitted { get; init; }
    public IReadOnlyList<string>? Ambient { get; init; }
}

/// <summary>A resource limit (getrlimit(2)); <see cref="ulong.MaxValue"/> is RLIM_INFINITY.</summary>
public sealed record Rlimit
{
    /// <summary>The kernel's name, e.g. RLIMIT_NOFILE.</summary>
    public required string Type { get; init; }
    public ulong Soft { get; init; }
    public ulong Hard { get; init; }
}

public sealed record Scheduler
{
    public required string Policy { get; init; }
    public int? Nice { get; init; }
    public int? Priority { get; init; }
    public IReadOnlyList<string>? Flags { get; init; }
    public ulong? Runtime { get; init; }
    public ulong? Deadline { get; init; }
    public ulong? Period { get; init; }
}

public sealed record IoPriority
{
    public required string Class { get; init; }
    public int Priority { get; init; }
}

public sealed record ExecCpuAffinity
{
    public string? Initial { get; init; }
    public string? Final { get; init; }
}

/// <summary>Lifecycle hooks (config.md, POSIX-platform Hooks).</summary>
public sealed record Hooks
{
    public IReadOnlyList<Hook>? Prestart { get; init; }
    public IReadOnlyList<Hook>? CreateRuntime { get; init; }
    public IReadOnlyList<Hook>? CreateContainer { get; init; }
    public IReadOnlyList<Hook>? StartContainer { get; init; }
    public IReadOnlyList<Hook>? Poststart { get; init; }
    public IReadOnlyList<Hook>? Poststop { get; init; }
}

public sealed record Hook
{
    public required string Path { get; init; }
    public IReadOnlyList<string>? Args { get; init; }
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Seconds after which the hook is aborted.</summary>
    public int? Timeout { get; init; }
}

public sealed record IdMapping
{
    [JsonPropertyName("containerID")]
    public uint ContainerId { get; init; }

    [JsonPropertyName("hostID")]
    public uint HostId { get; init; }
    public uint Size { get; init; }
}

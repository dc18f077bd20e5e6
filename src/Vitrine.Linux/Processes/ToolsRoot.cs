namespace Vitrine.Linux;

/// <summary>
/// The root of a process that debugs a container: tools from elsewhere at their usual places, and the container's own root below
/// <see cref="ContainerDirectory"/>. It exists in a mount namespace of that process's own and ends with it.
/// </summary>
public sealed record ToolsRoot
{
    /// <summary>Where the container's root is seen.</summary>
    public const string ContainerDirectory = "/container";

    /// <summary>Directories of the host that are there too, read-only.</summary>
    public IReadOnlyList<string> Directories { get; init; } = [];

    /// <summary>Symbolic links of the host's root that are there too: a name at the root, and its target.</summary>
    public IReadOnlyDictionary<string, string> Links { get; init; } = new Dictionary<string, string>();

    /// <summary>Layers of an image that make up the root instead, the topmost first; what is changed in it is forgotten.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>What the process may do; null for everything there is.</summary>
    public Confinement? Confinement { get; init; }

    /// <summary>Whether it joins the container's cgroups, and with that its limits.</summary>
    public bool JoinsCgroups { get; init; }
}

/// <summary>What a process is confined to, as /proc/PID/status has it; ids as numbered inside.</summary>
public sealed record Confinement
{
    public uint Uid { get; init; }

    public uint Gid { get; init; }

    public IReadOnlyList<uint> Groups { get; init; } = [];

    /// <summary>Capability sets as bit masks.</summary>
    public ulong Bounding { get; init; }

    public ulong Permitted { get; init; }

    public ulong Effective { get; init; }

    public ulong Inheritable { get; init; }

    public ulong Ambient { get; init; }

    public bool NoNewPrivileges { get; init; }

    /// <summary>An AppArmor profile, or null.</summary>
    public string? Profile { get; init; }

    /// <summary>The OCI configuration whose seccomp filter applies, or null for none.</summary>
    public string? SpecPath { get; init; }
}

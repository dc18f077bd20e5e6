namespace Vitrine.Linux;

/// <summary>One mounted cgroup hierarchy: a v1 controller set, a named v1 hierarchy, or the v2 tree (cgroups(7)).</summary>
public sealed record CgroupHierarchy
{
    /// <summary>1 or 2.</summary>
    public required int Version { get; init; }

    /// <summary>Where it is mounted on the host, e.g. <c>/sys/fs/cgroup/memory</c>.</summary>
    public required string MountPoint { get; init; }

    /// <summary>The cgroup that shows at the mount point: <c>/</c>, but where a part of the tree was bound there.</summary>
    public string Root { get; init; } = "/";

    /// <summary>The controllers it can use; empty for a named hierarchy and for a v2 tree whose controllers are all bound to v1.</summary>
    public IReadOnlyList<string> Controllers { get; init; } = [];

    /// <summary>The name of a v1 hierarchy without controllers (<c>systemd</c>), or null.</summary>
    public string? Name { get; init; }

    /// <summary>The names under which a runtime's state lists it: its controllers, <c>name=systemd</c>, or the empty name for v2.</summary>
    public IReadOnlyList<string> Keys => Version == 2 ? [""] : Controllers is { Count: > 0 } ? Controllers : [$"name={Name}"];

    /// <summary>The last part of the mount point, the name by which tools find it: <c>memory</c>, <c>cpu,cpuacct</c>, <c>unified</c>.</summary>
    public string DirectoryName => Path.GetFileName(MountPoint.TrimEnd('/'));
}

namespace Vitrine.Linux;

/// <summary>One mounted cgroup hierarchy: a v1 controller set, a named v1 hierarchy, or the v2 tree (cgroups(7)).</summary>
public sealed record CgroupHierarchy
{
    /// <summary>1 or 2.</summary>
    public required int Version { get; init; }

    /// <summary>Where it is mounted on the host, e.g. <c>/sys/fs/cgroup/memory</c>.</summary>
    public required string MountPoint { get; init; }

    /// <summary>The controllers it can use; empty for a named hierarchy and for a v2 tree whose controllers are all bound to v1.</summary>
    public IReadOnlyList<string> Controllers { get; init; } = [];

    /// <summary>The name of a v1 hierarchy without controllers (<c>systemd</c>), or null.</summary>
    public string? Name { get; init; }

    /// <summary>The last part of the mount point, the name by which tools find it: <c>memory</c>, <c>cpu,cpuacct</c>, <c>unified</c>.</summary>
    public string DirectoryName => Path.GetFileName(MountPoint.TrimEnd('/'));
}

namespace Vitrine.Insight;

public sealed record NamespaceSection : Section
{
    /// <summary>One row for each of the eight kinds, those the kernel lacks included.</summary>
    public IReadOnlyList<NamespaceFact> Namespaces { get; init; } = [];
}

/// <summary>One kind of namespace: what it isolates, and from whom this process is isolated.</summary>
public sealed record NamespaceFact
{
    /// <summary>The kernel's short name: user, pid, mnt, net, uts, ipc, cgroup or time.</summary>
    public required string Kind { get; init; }

    /// <summary>Two processes are in the same namespace when this number is equal; null where unreadable.</summary>
    public ulong? Inode { get; init; }

    public required NamespaceScope Scope { get; init; }

    /// <summary>Processes outside the container that are in the same namespace (not listed for the host's own).</summary>
    public IReadOnlyList<NamespacePeer> SharedWith { get; init; } = [];

    public required string Meaning { get; init; }
    public required string Source { get; init; }
    public string? Error { get; init; }
}

public enum NamespaceScope
{
    /// <summary>Only this container's processes are in it, and possibly its supervisor.</summary>
    Isolated,

    /// <summary>Not the host's, but processes outside this container are in it too.</summary>
    Shared,

    /// <summary>The host's: no isolation of this kind.</summary>
    Host,

    /// <summary>It could not be read, or the kernel has no such kind.</summary>
    Unknown,
}

/// <summary>A process of somebody else in the same namespace.</summary>
public sealed record NamespacePeer
{
    public required int Pid { get; init; }
    public required string Command { get; init; }

    /// <summary>The container it belongs to, where its cgroup tells.</summary>
    public string? ContainerId { get; init; }
}

public sealed record UserMappingSection : Section
{
    /// <summary>Whether the process is in a user namespace of its own.</summary>
    public bool IsMapped { get; init; }

    public IReadOnlyList<IdMapRow> Users { get; init; } = [];
    public IReadOnlyList<IdMapRow> Groups { get; init; } = [];
}

/// <summary>A range of ids: Inside..Inside+Count-1 in the container are Outside..Outside+Count-1 on the host.</summary>
public sealed record IdMapRow
{
    public required uint Inside { get; init; }
    public required uint Outside { get; init; }
    public required uint Count { get; init; }
}

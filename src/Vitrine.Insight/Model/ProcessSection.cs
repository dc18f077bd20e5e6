namespace Vitrine.Insight;

/// <summary>The container's processes as the host sees them, and who supervises them.</summary>
public sealed record ProcessSection : Section
{
    /// <summary>The parent of the first process: the engine's supervisor, or whatever started it.</summary>
    public Supervisor? Supervisor { get; init; }

    /// <summary>The file that the explained process runs; null where it may not be read.</summary>
    public ProgramFact? Program { get; init; }

    /// <summary>All processes found, the first one first, then by host pid; the tree is told by the parents.</summary>
    public IReadOnlyList<ContainerProcess> Processes { get; init; } = [];
}

/// <summary>A program file and where it comes from.</summary>
public sealed record ProgramFact
{
    /// <summary>As the process sees it.</summary>
    public required string Path { get; init; }

    /// <summary>Whether the file is gone, or another has its name now.</summary>
    public bool Deleted { get; init; }

    /// <summary>The topmost directory of the overlay that has it, on the host.</summary>
    public string? Layer { get; init; }

    /// <summary>Digest of the image layer, and the build step that made it, where the engine told.</summary>
    public string? Digest { get; init; }
    public string? CreatedBy { get; init; }

    /// <summary>Whether it was put there since the container was made; null where the layer is not known.</summary>
    public bool? WrittenHere { get; init; }

    /// <summary>The package of dpkg or apk that has it.</summary>
    public string? Package { get; init; }
}

/// <summary>The process outside that started the container's first process.</summary>
public sealed record Supervisor
{
    public required int Pid { get; init; }
    public required string Command { get; init; }

    /// <summary>The engine this program belongs to, or null where it is none that is known.</summary>
    public string? Engine { get; init; }

    /// <summary>What this program does for the container.</summary>
    public required string Role { get; init; }
}

public sealed record ContainerProcess
{
    /// <summary>The pid on the host.</summary>
    public required int Pid { get; init; }

    /// <summary>The pid in the process's own pid namespace.</summary>
    public required int ContainerPid { get; init; }

    /// <summary>The parent's pid on the host.</summary>
    public required int ParentPid { get; init; }

    /// <summary>The arguments, with what looks like a secret replaced.</summary>
    public required string Command { get; init; }

    /// <summary>Effective user id on the host, and inside; null inside where the id is not mapped.</summary>
    public required uint HostUid { get; init; }
    public uint? ContainerUid { get; init; }

    /// <summary>Scheduler state: R, S, D, Z, T...</summary>
    public required char State { get; init; }

    public required long ResidentBytes { get; init; }

    /// <summary>How it was found to be the container's.</summary>
    public required Membership FoundBy { get; init; }
}

/// <summary>Why a process counts as the container's.</summary>
public enum Membership
{
    /// <summary>It is the process that was asked for.</summary>
    Asked,

    /// <summary>It is in the container's pid namespace.</summary>
    PidNamespace,

    /// <summary>It is in the container's cgroup, but in another pid namespace.</summary>
    Cgroup,

    /// <summary>It was started by one of the container's processes and went to other namespaces and cgroups.</summary>
    Descendant,
}

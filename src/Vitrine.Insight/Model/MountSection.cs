namespace Vitrine.Insight;

public sealed record MountSection : Section
{
    /// <summary>Every mount the process sees but its root, in mount order.</summary>
    public IReadOnlyList<MountFact> Mounts { get; init; } = [];
}

public enum MountClass
{
    /// <summary>A view of the kernel: proc, sysfs, cgroup, mqueue, devpts...</summary>
    Kernel,

    /// <summary>Hides something: an empty tmpfs or /dev/null over a path.</summary>
    Masked,

    /// <summary>Part of a kernel filesystem mounted over itself so that it cannot be written.</summary>
    ReadOnlyPath,

    /// <summary>A file or directory of the host.</summary>
    Bind,

    /// <summary>A directory that an engine keeps for containers.</summary>
    Volume,

    /// <summary>A file the engine writes for the container: hosts, hostname, resolv.conf.</summary>
    EngineFile,

    /// <summary>Memory that goes with the container.</summary>
    Tmpfs,

    /// <summary>A device node.</summary>
    Device,

    /// <summary>Any other filesystem: a disk, a network share.</summary>
    Other,
}

public sealed record MountFact
{
    /// <summary>The path inside.</summary>
    public required string Destination { get; init; }

    public required MountClass Class { get; init; }
    public required string FileSystem { get; init; }

    /// <summary>What is mounted there: a host path for binds and volumes, else the filesystem's own name.</summary>
    public string? Source { get; init; }

    /// <summary>The volume's name, where the engine or the path tells.</summary>
    public string? Volume { get; init; }

    public required bool ReadOnly { get; init; }

    /// <summary>Mount options but ro and rw: nosuid, nodev, noexec...</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>private, shared, slave, slave+shared or unbindable.</summary>
    public required string Propagation { get; init; }

    public required string Meaning { get; init; }
}

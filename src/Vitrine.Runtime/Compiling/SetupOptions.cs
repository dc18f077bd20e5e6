using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>What a setup program is compiled from besides the OCI configuration.</summary>
public sealed record SetupOptions
{
    /// <summary>The bundle's directory, against which relative paths in the configuration are resolved.</summary>
    public required string BundlePath { get; init; }

    /// <summary>An existing empty directory; the root filesystem is mounted there, inside the container's own mount namespace.</summary>
    public required string RootfsMountPoint { get; init; }

    /// <summary>How the root filesystem is put together, or null where the configuration's root.path is used as it is.</summary>
    public OverlayRoot? Overlay { get; init; }

    /// <summary>Whether process 1 is an init that starts the command, forwards signals and reaps.</summary>
    public bool Init { get; init; }

    /// <summary>
    /// A fifo open for reading and writing: the finished process waits for a byte from it before it executes its command, and
    /// whether there is such a command is looked at before. Null executes at once.
    /// </summary>
    public SafeFileHandle? StartFifo { get; init; }

    /// <summary>How the process and its launcher part.</summary>
    public ProcessTies Ties { get; init; } = ProcessTies.Supervised;

    /// <summary>Whether the launcher runs the configuration's hooks (see <see cref="LaunchEvents.Hooks"/>); refused where not.</summary>
    public bool RunsHooks { get; init; }

    /// <summary>The container's id, for a seccomp agent.</summary>
    public string ContainerId { get; init; } = "";

    /// <summary>The host's cgroup hierarchies, for cgroup mounts; read from /proc where null.</summary>
    public CgroupLayout? Cgroups { get; init; }

    /// <summary>The container's cgroup, of which a container without cgroup namespace gets to see only that; by linux.cgroupsPath where null.</summary>
    public Cgroup? Cgroup { get; init; }

    /// <summary>The kernel that the program is for; the running one where null.</summary>
    public Version? Kernel { get; init; }

    /// <summary>
    /// The capabilities there are to give, as a bit set; those of this process where null. A capability that is asked for
    /// but not there is left out and named in <see cref="SetupProgram.Warnings"/>.
    /// </summary>
    public ulong? AvailableCapabilities { get; init; }
}

/// <summary>What ties a process to the one that launched it.</summary>
/// <param name="Outlives">Whether it lives on when its launcher ends; otherwise it is killed with it.</param>
/// <param name="PreservedFiles">How many inherited descriptors from 3 on it keeps.</param>
public sealed record ProcessTies(bool Outlives, int PreservedFiles = 0)
{
    /// <summary>Dies with its launcher, and gets nothing but stdin, stdout and stderr.</summary>
    public static ProcessTies Supervised { get; } = new(Outlives: false);
}

/// <summary>An overlayfs root (Documentation/filesystems/overlayfs.rst). Paths are absolute.</summary>
/// <param name="Lower">Read-only directories, the topmost first.</param>
/// <param name="Upper">The directory that takes the changes.</param>
/// <param name="Work">An empty directory on the same filesystem as <paramref name="Upper"/>.</param>
public sealed record OverlayRoot(IReadOnlyList<string> Lower, string Upper, string Work);

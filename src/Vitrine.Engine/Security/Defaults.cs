using Vitrine.Linux;

namespace Vitrine.Engine.Security;

/// <summary>What a container gets where nothing is asked for: fewer rights than Docker gives, as far as system calls go listed in docs/seccomp.md.</summary>
public static class Defaults
{
    /// <summary>
    /// Docker's capabilities without NET_RAW (forged packets), MKNOD (device nodes, though the device cgroup guards them) and
    /// AUDIT_WRITE (forged audit records).
    /// </summary>
    public static CapabilitySet Capabilities => CapabilitySet.Of(
        Capability.CAP_CHOWN,
        Capability.CAP_DAC_OVERRIDE,
        Capability.CAP_FOWNER,
        Capability.CAP_FSETID,
        Capability.CAP_KILL,
        Capability.CAP_NET_BIND_SERVICE,
        Capability.CAP_SETFCAP,
        Capability.CAP_SETGID,
        Capability.CAP_SETPCAP,
        Capability.CAP_SETUID,
        Capability.CAP_SYS_CHROOT);

    /// <summary>Files and directories hidden from the container: each tells of the host or lets one act on it. As in Docker.</summary>
    public static IReadOnlyList<string> MaskedPaths { get; } =
    [
        "/proc/acpi",
        "/proc/asound",
        "/proc/interrupts",
        "/proc/kcore",
        "/proc/keys",
        "/proc/latency_stats",
        "/proc/timer_list",
        "/proc/timer_stats",
        "/proc/sched_debug",
        "/proc/scsi",
        "/sys/firmware",
        "/sys/devices/virtual/powercap",
    ];

    /// <summary>Directories that the container may read but not write. As in Docker.</summary>
    public static IReadOnlyList<string> ReadonlyPaths { get; } =
    [
        "/proc/bus",
        "/proc/fs",
        "/proc/irq",
        "/proc/sys",
        "/proc/sysrq-trigger",
    ];

    /// <summary>The most processes and threads a container may have.</summary>
    public const long PidsLimit = 2048;
}

using Vitrine.Linux;

namespace Vitrine.Insight.Sections;

/// <summary>What each capability lets a process do to the host (capabilities(7)), and how much that matters.</summary>
public static class CapabilityMeanings
{
    /// <summary>
    /// What Docker gives a container by default (its API and CLI documentation, "Runtime privilege and Linux capabilities").
    /// </summary>
    public static CapabilitySet DockerDefault { get; } = CapabilitySet.Of(
        Capability.CAP_CHOWN, Capability.CAP_DAC_OVERRIDE, Capability.CAP_FSETID, Capability.CAP_FOWNER, Capability.CAP_MKNOD,
        Capability.CAP_NET_RAW, Capability.CAP_SETGID, Capability.CAP_SETUID, Capability.CAP_SETFCAP, Capability.CAP_SETPCAP,
        Capability.CAP_NET_BIND_SERVICE, Capability.CAP_SYS_CHROOT, Capability.CAP_KILL, Capability.CAP_AUDIT_WRITE);

    /// <summary>What Vitrine gives by default: docker's without NET_RAW, MKNOD and AUDIT_WRITE.</summary>
    public static CapabilitySet VitrineDefault { get; } = DockerDefault
        - CapabilitySet.Of(Capability.CAP_NET_RAW, Capability.CAP_MKNOD, Capability.CAP_AUDIT_WRITE);

    /// <summary>How much a capability matters, and what it lets a process do: half a sentence, without a full stop.</summary>
    public static (Severity Severity, string Meaning) Of(Capability capability) => capability switch
    {
        Capability.CAP_SYS_ADMIN => (Severity.Critical, "mount, namespaces and hundreds of other calls: as good as root on the host"),
        Capability.CAP_SYS_MODULE => (Severity.Critical, "loads code into the host's kernel"),
        Capability.CAP_SYS_RAWIO => (Severity.Critical, "reads and writes physical memory and ports of the host"),
        Capability.CAP_SYS_PTRACE => (Severity.High, "reads and changes any process it can see; with the host's pid namespace, the host's"),
        Capability.CAP_DAC_READ_SEARCH => (Severity.High, "reads any file; open_by_handle_at opens host files outside the root (\"shocker\")"),
        Capability.CAP_BPF => (Severity.High, "loads BPF programs that see and change the whole host"),
        Capability.CAP_SYS_BOOT => (Severity.High, "reboots the host or loads another kernel"),
        Capability.CAP_MAC_ADMIN => (Severity.High, "changes the security module's policy"),
        Capability.CAP_MAC_OVERRIDE => (Severity.High, "ignores the security module's policy"),
        Capability.CAP_PERFMON => (Severity.Medium, "traces the whole host, kernel addresses included"),
        Capability.CAP_NET_ADMIN => (Severity.Medium, "changes interfaces, routes and firewall of its network namespace; the host's where it is shared"),
        Capability.CAP_SYSLOG => (Severity.Medium, "reads the kernel's log and addresses"),
        Capability.CAP_SYS_TIME => (Severity.Medium, "sets the host's clock"),
        Capability.CAP_SYS_RESOURCE => (Severity.Medium, "exceeds resource limits and disk quotas"),
        Capability.CAP_AUDIT_CONTROL => (Severity.Medium, "turns the host's audit off"),
        Capability.CAP_AUDIT_READ => (Severity.Medium, "reads the host's audit log"),
        Capability.CAP_CHECKPOINT_RESTORE => (Severity.Medium, "chooses pids and reads /proc of others, as CRIU needs"),
        Capability.CAP_SYS_NICE => (Severity.Low, "raises its priority over the host's programs"),
        Capability.CAP_SYS_TTY_CONFIG => (Severity.Low, "takes over the host's terminals"),
        Capability.CAP_LINUX_IMMUTABLE => (Severity.Low, "marks files so that not even root can delete them at once"),
        Capability.CAP_IPC_OWNER => (Severity.Low, "uses shared memory of any user of its ipc namespace"),
        Capability.CAP_IPC_LOCK => (Severity.Low, "keeps memory from being swapped, beyond its limit"),
        Capability.CAP_NET_BROADCAST => (Severity.Note, "has no effect on today's kernels"),
        Capability.CAP_SYS_PACCT => (Severity.Low, "turns process accounting on and off"),
        Capability.CAP_LEASE => (Severity.Note, "takes leases on files"),
        Capability.CAP_WAKE_ALARM => (Severity.Note, "wakes the machine by a timer"),
        Capability.CAP_BLOCK_SUSPEND => (Severity.Note, "keeps the machine awake"),
        Capability.CAP_MKNOD => (Severity.Low, "makes device nodes; the device cgroup decides whether they open"),
        Capability.CAP_NET_RAW => (Severity.Low, "sends forged packets: spoofs neighbours on its bridge"),
        Capability.CAP_AUDIT_WRITE => (Severity.Note, "writes records to the audit log"),
        Capability.CAP_DAC_OVERRIDE => (Severity.Note, "ignores file permissions inside its root"),
        Capability.CAP_SETUID => (Severity.Note, "becomes any user inside"),
        Capability.CAP_SETGID => (Severity.Note, "joins any group inside"),
        Capability.CAP_SETPCAP => (Severity.Note, "drops capabilities from its bounding set"),
        Capability.CAP_SETFCAP => (Severity.Note, "gives files capabilities"),
        Capability.CAP_CHOWN => (Severity.Note, "gives files to any user"),
        Capability.CAP_FOWNER => (Severity.Note, "changes the mode of files of any user"),
        Capability.CAP_FSETID => (Severity.Note, "keeps set-user-id bits when it changes a file"),
        Capability.CAP_KILL => (Severity.Note, "signals processes of any user it can see"),
        Capability.CAP_NET_BIND_SERVICE => (Severity.Note, "listens on ports below 1024"),
        Capability.CAP_SYS_CHROOT => (Severity.Note, "calls chroot, and enters mount namespaces together with CAP_SYS_ADMIN"),
        _ => (Severity.Medium, "a capability newer than this version"),
    };
}

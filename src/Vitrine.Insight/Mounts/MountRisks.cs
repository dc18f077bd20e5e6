using Vitrine.Linux;

namespace Vitrine.Insight.Mounts;

/// <summary>Mounts that open a way to the host.</summary>
internal static class MountRisks
{
    private static readonly string[] EngineSockets =
        ["docker.sock", "containerd.sock", "podman.sock", "crio.sock", "vitrine.sock", "vitrined.sock", "dockershim.sock"];

    private static readonly string[] SocketDirectories = ["/run", "/var/run", "/run/docker", "/run/containerd", "/run/podman", "/run/crio", "/run/vitrine"];

    /// <summary>Host directories whose writing, or for some reading, gives the host away.</summary>
    private static readonly (string Path, string Why)[] Sensitive =
    [
        ("/etc", "users, passwords and services of the host"),
        ("/root", "root's keys and shell start-up files"),
        ("/home", "the users' keys and files"),
        ("/boot", "the kernel that is started next"),
        ("/usr", "the host's programs"),
        ("/bin", "the host's programs"),
        ("/sbin", "the host's programs"),
        ("/lib", "the host's libraries"),
        ("/var/lib/docker", "every container's files and secrets"),
        ("/var/lib/containers", "every container's files and secrets"),
        ("/var/lib/containerd", "every container's files and secrets"),
        ("/var/lib/vitrine", "every container's files and secrets"),
        ("/var/lib/kubelet", "every pod's files and secrets"),
        ("/var/spool/cron", "what the host runs, and when"),
        ("/proc", "the host's processes and the kernel's settings"),
        ("/sys", "the host's devices and the kernel's settings"),
        ("/dev", "the host's devices"),
    ];

    public static void Warn(ExplainContext context, SectionNotes notes, MountFact mount)
    {
        if (mount.Class is MountClass.Bind or MountClass.Volume or MountClass.Other)
            WarnSource(context, notes, mount);
        if (mount is { Class: MountClass.Device, FileSystem: "devtmpfs", Destination: "/dev" })
        {
            notes.Warn(Severity.High, "mounts.host-dev", "The host's whole /dev is mounted: every device has a node here.",
                "run without -v /dev:/dev and name single devices with --device");
        }

        if (mount.Propagation.Contains("shared", StringComparison.Ordinal) && mount.Class is MountClass.Bind)
        {
            notes.Warn(Severity.Low, "mounts.shared",
                $"{mount.Destination} is shared: mounts made inside, with CAP_SYS_ADMIN, appear on the host.", "mount it with rslave or rprivate");
        }

        if (mount is { Class: MountClass.Kernel, ReadOnly: false, FileSystem: "cgroup" or "cgroup2" } && context.IsHostRoot)
        {
            var escape = mount.FileSystem == "cgroup" && new CapabilitySet(context.Status.CapEffective).Contains(Capability.CAP_SYS_ADMIN);
            notes.Warn(escape ? Severity.Critical : Severity.Medium, "mounts.cgroup-writable",
                $"{mount.Destination} is writable: it can change its own limits"
                + (escape ? ", and run a program as root on the host through release_agent." : "."),
                "mount it read-only");
        }

        if (mount is { Class: MountClass.Kernel, ReadOnly: false, FileSystem: "sysfs" } && context.IsHostRoot)
        {
            notes.Warn(Severity.Medium, "mounts.sysfs-writable",
                "/sys is writable: settings of the host's devices and the kernel's helpers can be changed.", "mount it read-only");
        }
    }

    /// <summary>A proc mount without the masks and read-only paths that every engine lays over it.</summary>
    public static void WarnOpenKernelViews(ExplainContext context, SectionNotes notes, List<MountFact> mounts)
    {
        var ownProc = mounts.Exists(mount => mount is { Destination: "/proc", FileSystem: "proc", ReadOnly: false });
        if (!ownProc || !context.IsHostRoot)
            return;
        if (!mounts.Exists(mount => mount is { Destination: "/proc/sys", Class: MountClass.ReadOnlyPath }))
        {
            notes.Warn(Severity.High, "mounts.proc-sys-writable",
                "/proc/sys is writable: kernel.core_pattern runs a program of its choice as root on the host.",
                "let the engine mount it read-only (no --privileged, no systempaths=unconfined)");
        }

        if (!mounts.Exists(mount => mount.Class == MountClass.Masked && AbsolutePath.IsBelow(mount.Destination, "/proc")))
        {
            notes.Warn(Severity.Low, "mounts.proc-unmasked",
                "/proc is not masked: kcore, keys, timer_list and others tell of the host.",
                "let the engine mask it (no --privileged, no systempaths=unconfined)");
        }
    }

    // In the engine's store, what lies in the container's own directory is its own.
    private static bool IsOwn(ExplainContext context, string source) =>
        context.Id is { Length: > 0 } id && source.Contains($"/{id}/", StringComparison.Ordinal);

    private static void WarnSource(ExplainContext context, SectionNotes notes, MountFact mount)
    {
        if (mount.Source is not { } source)
            return;
        var name = source[(source.LastIndexOf('/') + 1)..];
        if (EngineSockets.Contains(name) || (mount.Class == MountClass.Bind && SocketDirectories.Contains(source)))
        {
            notes.Warn(Severity.Critical, "mounts.engine-socket",
                $"{source} is at {mount.Destination}: who can write to an engine's socket can start a container with the host's root in it. Read-only does not help.",
                "do not mount it, or put a filtering proxy between");
            return;
        }

        if (source == "/")
        {
            notes.Warn(mount.ReadOnly ? Severity.High : Severity.Critical, "mounts.host-root",
                $"The host's root directory is at {mount.Destination}{(mount.ReadOnly ? ", for reading" : "")}.", "mount only the directory that is needed");
            return;
        }

        foreach (var (path, why) in Sensitive)
        {
            if (!AbsolutePath.IsBelow(source, path) || mount.Class == MountClass.Volume || IsOwn(context, source))
                continue;
            notes.Warn(mount.ReadOnly ? Severity.Medium : Severity.High, "mounts.sensitive",
                $"{source} of the host is {(mount.ReadOnly ? "readable" : "writable")} at {mount.Destination}: {why}.",
                "mount a directory made for the container");
            return;
        }
    }
}

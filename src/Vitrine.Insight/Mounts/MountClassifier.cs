using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Mounts;

/// <summary>Tells what a mount is for, from its type, its place and where on the host it comes from.</summary>
internal sealed class MountClassifier(HostPaths host, IReadOnlyList<VolumeHint> volumes)
{
    private static readonly HashSet<string> KernelViews = new(StringComparer.Ordinal)
    {
        "proc", "sysfs", "cgroup", "cgroup2", "mqueue", "devpts", "securityfs", "debugfs", "tracefs", "bpf", "pstore", "configfs",
        "fusectl", "hugetlbfs", "binfmt_misc", "rpc_pipefs", "nsfs", "efivarfs", "selinuxfs", "resctrl",
    };

    private static readonly HashSet<string> EngineFiles = new(StringComparer.Ordinal)
    {
        "/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/run/.containerenv", "/.dockerenv", "/dev/termination-log",
    };

    /// <summary>Whether the engine writes what is mounted, for this container.</summary>
    public static bool IsEngineFile(MountEntry mount) => EngineFiles.Contains(mount.MountPoint) && mount.Root != "/";

    public MountFact Classify(MountEntry mount)
    {
        var kind = ClassOf(mount, out var source);
        var volume = kind == MountClass.Bind && source is not null ? VolumeOf(source) : null;
        if (volume is not null)
            kind = MountClass.Volume;
        return new MountFact
        {
            Destination = mount.MountPoint,
            Class = kind,
            FileSystem = mount.FileSystem,
            Source = source ?? (mount.Source.Length > 0 ? mount.Source : null),
            Volume = volume,
            ReadOnly = mount.IsReadOnly,
            Options = [.. mount.Options.Where(option => option is not ("ro" or "rw"))],
            Propagation = Propagation(mount),
            Meaning = Meaning(kind, mount),
        };
    }

    private MountClass ClassOf(MountEntry mount, out string? source)
    {
        source = null;
        var underKernel = AbsolutePath.IsBelow(mount.MountPoint, "/proc") || AbsolutePath.IsBelow(mount.MountPoint, "/sys");
        if (mount is { MountPoint: "/sys/fs/cgroup", FileSystem: "tmpfs" })
            return MountClass.Kernel; // The directory in which v1 hierarchies are mounted.
        if (underKernel && mount.MountPoint.LastIndexOf('/') > 0 && IsEmpty(mount))
            return MountClass.Masked;
        if (mount.FileSystem is "proc" or "sysfs" && mount.Root != "/")
            return mount.IsReadOnly ? MountClass.ReadOnlyPath : MountClass.Bind;
        if (mount.FileSystem == "devpts" && mount.Root != "/")
            return MountClass.Device;
        if (KernelViews.Contains(mount.FileSystem))
            return MountClass.Kernel;
        source = host.Find(mount);
        // docker and podman mount it in their store first and bind it: it is the container's memory all the same.
        if (mount is { MountPoint: "/dev/shm", FileSystem: "tmpfs" } && source != "/dev/shm")
            return MountClass.Tmpfs;
        if (mount.FileSystem == "devtmpfs" || (source is not null && AbsolutePath.IsBelow(source, "/dev") && mount.MountPoint.StartsWith("/dev/", StringComparison.Ordinal)))
            return mount.Root.EndsWith("/null", StringComparison.Ordinal) && !mount.MountPoint.StartsWith("/dev", StringComparison.Ordinal)
                ? MountClass.Masked
                : MountClass.Device;
        if (IsEngineFile(mount))
            return MountClass.EngineFile;
        if (source is not null || (mount.Root != "/" && mount.FileSystem != "btrfs"))
            return MountClass.Bind;
        return mount.FileSystem is "tmpfs" or "ramfs" ? MountClass.Tmpfs : MountClass.Other;
    }

    // Masking lays an empty read-only tmpfs over a directory, or /dev/null over a file (runtime-spec, maskedPaths).
    private static bool IsEmpty(MountEntry mount) => mount.FileSystem switch
    {
        "tmpfs" => mount.IsReadOnly || mount.SuperOption("size") is "0k" or "0" || mount.Root.EndsWith("/null", StringComparison.Ordinal),
        "devtmpfs" => mount.Root == "/null",
        _ => false,
    };

    private string? VolumeOf(string source)
    {
        foreach (var volume in volumes)
        {
            if (AbsolutePath.IsBelow(source, volume.Directory))
                return volume.Name;
        }

        // docker, podman and vitrine: .../volumes/NAME/_data
        var parts = source.Split('/');
        var data = Array.IndexOf(parts, "_data");
        return data >= 2 && parts[data - 2] == "volumes" ? parts[data - 1] : null;
    }

    private static string Propagation(MountEntry mount)
    {
        var shared = mount.Propagation.Any(field => field.StartsWith("shared:", StringComparison.Ordinal));
        var slave = mount.Propagation.Any(field => field.StartsWith("master:", StringComparison.Ordinal));
        return (shared, slave) switch
        {
            (true, true) => "slave+shared",
            (true, false) => "shared",
            (false, true) => "slave",
            _ => mount.Propagation.Contains("unbindable") ? "unbindable" : "private",
        };
    }

    private static string Meaning(MountClass kind, MountEntry mount) => kind switch
    {
        MountClass.Kernel => mount.FileSystem switch
        {
            "proc" => "The kernel's view of processes, of its own pid namespace.",
            "sysfs" => "The kernel's view of devices and drivers.",
            "cgroup" or "cgroup2" => "Control groups.",
            "mqueue" => "POSIX message queues of its ipc namespace.",
            "devpts" => "Terminals of its own.",
            _ => "A window into the kernel.",
        },
        MountClass.Masked => "Hidden: reads give nothing.",
        MountClass.ReadOnlyPath => "Can be read, not written.",
        MountClass.Bind => mount.IsReadOnly ? "A part of the host, for reading." : "A part of the host: what it writes here, the host has.",
        MountClass.Volume => "Data that outlives the container.",
        MountClass.EngineFile => "Written by the engine for this container.",
        MountClass.Tmpfs => "In memory, gone with the container.",
        MountClass.Device => "A device of the host.",
        _ => "A filesystem mounted for it.",
    };
}

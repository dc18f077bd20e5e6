using System.Globalization;
using Vitrine.Insight.Mounts;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.ByHand;

/// <summary>Finds for each mount of a container the command that makes it again.</summary>
internal sealed class MountPlanner(ExplainContext context, IReadOnlyList<MountEntry> mounts, MountEntry? root, List<string> missing)
{
    /// <summary>Filesystems that mount(8) makes anew, each with those options of a mounted one that it takes.</summary>
    private static readonly (string FileSystem, string[] Options)[] s_new =
    [
        ("proc", ["hidepid", "subset"]),
        ("sysfs", []),
        ("mqueue", []),
        ("devpts", ["gid", "mode", "ptmxmode"]),
        ("tmpfs", ["size", "nr_blocks", "nr_inodes", "mode", "uid", "gid", "huge"]),
    ];

    private readonly HostPaths _host = new(context.ReaderMounts);
    private readonly List<MountEntry> _done = root is null ? [] : [root];

    /// <param name="wanted">Which mounts; null for all.</param>
    public List<HandMount> Plan(Func<MountEntry, bool>? wanted = null)
    {
        var plan = new List<HandMount>();
        foreach (var mount in InOrder())
        {
            if (wanted?.Invoke(mount) == false || Command(mount) is not { } command)
                continue;
            plan.Add(command with
            {
                Flags = Flags(mount),
                Propagation = mount.Propagation.Select(Word).FirstOrDefault(word => word is not null),
                IsFile = IsFile(mount),
                Place = Place(mount),
            });
            _done.Add(mount);
        }

        return plan;
    }

    /// <summary>Parents before what is mounted on them; what lies hidden below the root is left out.</summary>
    private List<MountEntry> InOrder()
    {
        var ordered = new List<MountEntry>();
        var known = new HashSet<int> { root?.Id ?? 0 };
        int before;
        do
        {
            before = ordered.Count;
            foreach (var mount in mounts)
            {
                if (mount.Id != root?.Id && known.Contains(mount.ParentId) && known.Add(mount.Id))
                    ordered.Add(mount);
            }
        }
        while (ordered.Count > before);
        return ordered;
    }

    private HandMount? Command(MountEntry mount)
    {
        if (mount.FileSystem is "devpts" && mount.Root != "/")
        {
            missing.Add($"{mount.MountPoint} is a terminal of the container's own; run the script in a terminal and it has yours.");
            return null;
        }

        return Group(mount) ?? Within(mount) ?? New(mount) ?? Bind(mount) ?? Unknown(mount);
    }

    private HandMount? Group(MountEntry mount)
    {
        if (mount.FileSystem is not ("cgroup" or "cgroup2"))
            return null;
        var why = "Its own control groups, as files.";
        if (context.HasOwn(NamespaceKind.Cgroup))
        {
            string[] data = mount.FileSystem == "cgroup2" ? [] : [.. mount.SuperOptions.Where(IsController)];
            return new HandMount { Kind = HandMountKind.New, Destination = mount.MountPoint, FileSystem = mount.FileSystem, Source = "cgroup", Data = data, Why = why };
        }

        return _host.Find(mount) is { } directory
            ? new HandMount { Kind = mount.Root == "/" ? HandMountKind.Bind : HandMountKind.OwnGroup, Destination = mount.MountPoint, Source = directory, Why = why }
            : null;
    }

    private static bool IsController(string option) =>
        option is not ("rw" or "ro" or "xattr" or "clone_children" or "noprefix") && !option.StartsWith("release_agent", StringComparison.Ordinal);

    /// <summary>A part of what is mounted in the container already: masks and read-only parts of /proc.</summary>
    private HandMount? Within(MountEntry mount)
    {
        // Of several the nearest to the mount itself: /proc/sys on /proc/sys.
        MountEntry? best = null;
        foreach (var candidate in _done)
        {
            if (candidate.Major == mount.Major && candidate.Minor == mount.Minor && AbsolutePath.IsBelow(mount.Root, candidate.Root)
                && (best is null || candidate.Root.Length > best.Root.Length) && !IsCovered(candidate))
                best = candidate;
        }

        if (best is null || (best != root && _host.Find(mount) is not null && best.FileSystem is not ("proc" or "sysfs")))
            return null;
        var source = Path.Join(best.MountPoint, mount.Root[(best.Root == "/" ? 0 : best.Root.Length)..]);
        return new HandMount
        {
            Kind = HandMountKind.Within,
            Destination = mount.MountPoint,
            Source = source.Length > 1 ? source.TrimEnd('/') : source,
            Why = source == mount.MountPoint ? "The same place over itself, so that it can have options of its own."
                : IsFile(mount) ? "Nothing to read there: it hides what is there."
                : "The same empty directory again, which hides what is there.",
        };
    }

    private HandPlace Place(MountEntry mount)
    {
        if (mount.ParentId == root?.Id)
            return HandPlace.OnRoot;
        return mounts.FirstOrDefault(parent => parent.Id == mount.ParentId)?.FileSystem is "proc" or "sysfs" ? HandPlace.InKernel : HandPlace.OnMount;
    }

    private bool IsCovered(MountEntry candidate) => _done.Exists(above => above != candidate && above.MountPoint == candidate.MountPoint && above.ParentId == candidate.Id);

    private HandMount? New(MountEntry mount)
    {
        var known = Array.Find(s_new, known => known.FileSystem == mount.FileSystem);
        if (known.FileSystem is null || mount.Root != "/" || (mount.FileSystem is "tmpfs" or "devpts" && _host.Find(mount) is not null))
            return null;
        return new HandMount
        {
            Kind = HandMountKind.New,
            Destination = mount.MountPoint,
            FileSystem = mount.FileSystem,
            Source = mount.Source.Length > 0 ? mount.Source : mount.FileSystem,
            Data = [.. mount.SuperOptions.Where(option => known.Options.Contains(option.Split('=')[0])).Select(Inside)],
            Why = Why(mount),
        };
    }

    private static string Why(MountEntry mount) => mount.FileSystem switch
    {
        "proc" => "Processes as files; a new one, as each pid namespace has its own.",
        "sysfs" => "Devices and the kernel's settings as files.",
        "mqueue" => "POSIX message queues of its ipc namespace.",
        "devpts" => "Terminals of its own.",
        _ when mount.IsReadOnly => "An empty directory that nobody can write to: it hides what is there.",
        _ => "Memory as files, gone with the container.",
    };

    private HandMount? Bind(MountEntry mount) => _host.Find(mount) is { } source
        ? new HandMount
        {
            Kind = HandMountKind.Bind,
            Destination = mount.MountPoint,
            Source = source,
            Why = source == "/dev/null" ? "Nothing to read there: it hides what is there." : "The host's own file or directory, seen from inside too.",
        }
        : null;

    private HandMount? Unknown(MountEntry mount)
    {
        missing.Add($"{mount.MountPoint} ({mount.FileSystem}) is a filesystem that this host's mount table does not have: it belongs to another mount namespace.");
        return null;
    }

    /// <summary>The kernel shows owners as this reader numbers them; mount wants them as the container does.</summary>
    private string Inside(string option)
    {
        if (!option.StartsWith("uid=", StringComparison.Ordinal) && !option.StartsWith("gid=", StringComparison.Ordinal))
            return option;
        return uint.TryParse(option.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && ExplainContext.Inside(context.UserMap, id) is { } inside
            ? $"{option[..4]}{inside}"
            : option;
    }

    private static List<string> Flags(MountEntry mount)
    {
        var flags = mount.Options.Where(option => option is not ("rw" or "relatime")).ToList();
        if (!mount.Options.Contains("relatime") && !mount.Options.Contains("noatime"))
            flags.Add("strictatime");
        return flags;
    }

    private static string? Word(string field) => field switch
    {
        _ when field.StartsWith("shared:", StringComparison.Ordinal) => "shared",
        _ when field.StartsWith("master:", StringComparison.Ordinal) => "slave",
        "unbindable" => "unbindable",
        _ => null,
    };

    private bool IsFile(MountEntry mount) =>
        RootFiles.Kind(context, mount.MountPoint) is { } kind ? kind != Linux.FileKind.Directory : mount.Root is "/null";
}

using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Insight.Mounts;
using Vitrine.Insight.Sections;
using Vitrine.Insight.Stores;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Files;

/// <summary>
/// The root directory of a container, from outside and without any tool in it. The kernel resolves every path from that one
/// directory (openat2 with RESOLVE_IN_ROOT and RESOLVE_NO_MAGICLINKS): no link, no ".." and no exchange of directories leads out.
/// </summary>
public sealed class ContainerRoot : IDisposable
{
    private const ResolveFlags Resolving = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks;

    private readonly SafeFileHandle? _space;

    private ContainerRoot(SafeFileHandle handle, SafeFileHandle? space)
    {
        Handle = handle;
        _space = space;
    }

    /// <summary>The root directory.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Host pid of the process whose root it is; null for a container that does not run.</summary>
    public int? Pid { get; private init; }

    /// <summary>When that process started; null where it does not run.</summary>
    public FileTime? Started { get; private init; }

    /// <summary>The process's mounts; of a container that does not run there are none.</summary>
    public IReadOnlyList<MountEntry> Mounts { get; private init; } = [];

    /// <summary>The overlay's layers, topmost first, as host paths; empty for another filesystem.</summary>
    public IReadOnlyList<string> Lower { get; private init; } = [];

    /// <summary>Where the overlay takes what is written; null for another filesystem.</summary>
    public string? Upper { get; private init; }

    /// <summary>The filesystem of the root.</summary>
    public string FileSystem { get; private init; } = "";

    /// <summary>How user and group ids inside are numbered on the host.</summary>
    public IReadOnlyList<IdRange> UserMap { get; private init; } = [];
    public IReadOnlyList<IdRange> GroupMap { get; private init; } = [];

    /// <summary>The root of a process.</summary>
    /// <param name="pid">Host pid.</param>
    /// <param name="proc">Where processes are looked up; null for the host's /proc.</param>
    /// <param name="layerRoot">What relative paths of layers are below.</param>
    /// <exception cref="VitrineException">NotFound: it has ended. Unavailable: it may not be looked at.</exception>
    public static ContainerRoot OfProcess(int pid, ProcFs? proc = null, string? layerRoot = null)
    {
        proc ??= ProcFs.Host;
        if (proc.Stat(pid) is not { IsDead: false } stat)
            throw new VitrineException(ErrorKind.NotFound, $"process {pid} has ended");
        SafeFileHandle? root = null;
        try
        {
            root = FileAt.OpenDirectory(proc.PathOf(pid, "root"));
            var mounts = proc.Mounts(pid) ?? [];
            var mount = RootExplainer.RootMount(mounts);
            var overlay = mount?.FileSystem == "overlay" ? OverlayOptions.Read(mount, layerRoot) : null;
            // The number may be another process's by now: then what was opened is not the one that was meant.
            if (proc.StartTime(pid) != stat.StartTime)
                throw new VitrineException(ErrorKind.NotFound, $"process {pid} has ended");
            return new ContainerRoot(root, null)
            {
                Pid = pid,
                Started = StartOf(proc, stat),
                Mounts = mounts,
                FileSystem = mount?.FileSystem ?? "",
                Lower = overlay?.Lower ?? [],
                Upper = overlay?.Upper,
                UserMap = proc.UserMap(pid) ?? [],
                GroupMap = proc.GroupMap(pid) ?? [],
            };
        }
        catch (LinuxException e) when (e.Errno is Errno.EACCES or Errno.EPERM)
        {
            root?.Dispose();
            throw new VitrineException(ErrorKind.Unavailable, $"the files of process {pid} may only be looked at by root and by who may trace it: run as root", e);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ESRCH)
        {
            root?.Dispose();
            throw new VitrineException(ErrorKind.NotFound, $"process {pid} has no root: it is a thread of the kernel, or has ended", e);
        }
    }

    /// <summary>The files of a container of Vitrine's that does not run: its layers, mounted for reading where nobody else sees it.</summary>
    /// <exception cref="LinuxException">Mounting is not allowed.</exception>
    public static ContainerRoot OfStopped(StoredContainer container, IReadOnlyList<string> layers)
    {
        var upper = Path.Join(container.Directory, "upper");
        var (root, space) = Mount(Path.Join(container.Directory, "rootfs"), [upper, .. layers]);
        return new ContainerRoot(root, space) { FileSystem = "overlay", Lower = layers, Upper = upper };
    }

    /// <summary>Opens a path.</summary>
    /// <exception cref="LinuxException">With the path as the container has it.</exception>
    public SafeFileHandle Open(string path, OpenFlags flags, uint mode = 0)
    {
        var error = TryOpen(path, flags, out var handle, mode);
        return error == Errno.None ? handle! : throw new LinuxException("open", CString.Display(Encoding.UTF8.GetBytes(path)), error);
    }

    /// <inheritdoc cref="Open"/>
    public Errno TryOpen(string path, OpenFlags flags, out SafeFileHandle? handle, uint mode = 0) =>
        FileAt.TryOpen(Handle, Bytes(path), flags, Resolving, mode, out handle);

    /// <summary>A directory's handle and the name in it that a path means; links in the directory part are followed, the name's own is not.</summary>
    /// <exception cref="LinuxException">There is no such directory.</exception>
    public (SafeFileHandle Directory, byte[] Name) OpenParent(string path)
    {
        var trimmed = path.TrimEnd('/');
        var slash = trimmed.LastIndexOf('/');
        var name = trimmed[(slash + 1)..];
        if (name is "" or "." or "..")
            throw new LinuxException("open", path, Errno.EISDIR);
        return (Open(slash <= 0 ? "/" : trimmed[..slash], OpenFlags.Directory | OpenFlags.PathOnly), Encoding.UTF8.GetBytes(name));
    }

    /// <summary>The device numbers of filesystems that the kernel fills, which hold no files of the container's.</summary>
    public IReadOnlySet<DeviceNumber> KernelDevices()
    {
        var devices = new HashSet<DeviceNumber>();
        foreach (var mount in Mounts)
        {
            if (mount.FileSystem is "proc" or "sysfs" or "cgroup" or "cgroup2" or "mqueue" or "devpts" or "securityfs" or "debugfs" or "tracefs" or "bpf" or "pstore" or "configfs")
                devices.Add(new DeviceNumber(mount.Major, mount.Minor));
        }

        return devices;
    }

    /// <summary>The id inside of an owner, as the container numbers it; the host's where it has none inside.</summary>
    public static uint Inside(IReadOnlyList<IdRange> map, uint id) => map.Count == 0 ? id : ExplainContext.Inside(map, id) ?? id;

    public void Dispose()
    {
        Handle.Dispose();
        _space?.Dispose();
    }

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path.TrimStart('/') is { Length: > 0 } inner ? inner : ".");

    // Start times count from boot, in ticks of a hundredth of a second on every architecture (proc_pid_stat(5), times(2)).
    private static FileTime? StartOf(ProcFs proc, ProcStat stat)
    {
        const ulong ticks = 100;
        foreach (var line in (proc.SystemText("stat") ?? "").AsSpan().EnumerateLines())
        {
            if (line.StartsWith("btime ", StringComparison.Ordinal) && long.TryParse(line[6..], NumberStyles.None, CultureInfo.InvariantCulture, out var boot))
                return new FileTime(boot + (long)(stat.StartTime / ticks), 0);
        }

        return null;
    }

    private static (SafeFileHandle Root, SafeFileHandle Space) Mount(string mountPoint, IReadOnlyList<string> layers)
    {
        (SafeFileHandle, SafeFileHandle)? made = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            SafeFileHandle? space = null;
            try
            {
                space = PrivateMounts.Unshare();
                var lower = string.Join(':', layers.Select(layer => layer.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)));
                // The kernel wants two layers at least; an empty directory below them all changes nothing.
                MountTable.Mount("overlay", mountPoint, "overlay", MountFlags.ReadOnly | MountFlags.NoDev | MountFlags.NoSuid, $"lowerdir={lower}{(layers.Count > 1 ? "" : $":{mountPoint}")}");
                made = (FileAt.OpenDirectory(mountPoint), space);
            }
            catch (Exception e)
            {
                space?.Dispose();
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return made!.Value;
    }
}

using Vitrine.Linux;
using Vitrine.ShimProtocol;

namespace Vitrine.Shim.Lifecycle;

/// <summary>
/// What is mounted on volumes while any container uses them. Each user's shim holds a shared lock on the volume's use.lock, which
/// the kernel takes from it however it ends: whoever gets the lock alone is the first user, or was the last.
/// </summary>
internal sealed class VolumeMounts(IReadOnlyList<VolumePlan> volumes)
{
    private readonly List<(VolumePlan Volume, FileLock Use)> _used = [];

    /// <summary>Mounts what is not mounted yet.</summary>
    /// <exception cref="VitrineException">A file system cannot be mounted; what was mounted stays to be given up.</exception>
    public void Acquire()
    {
        foreach (var volume in volumes)
        {
            using var turn = FileLock.Acquire(TurnLock(volume));
            if (FileLock.TryAcquire(UseLock(volume)) is { } alone)
            {
                alone.Dispose();
                Unmount(volume);
                Mount(volume);
            }

            _used.Add((volume, FileLock.Acquire(UseLock(volume), LockMode.Shared)));
        }
    }

    /// <summary>Gives the volumes up, and unmounts what nobody uses any more.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Release()
    {
        foreach (var (volume, use) in _used)
        {
            using var turn = FileLock.Acquire(TurnLock(volume));
            use.Dispose();
            if (FileLock.TryAcquire(UseLock(volume)) is not { } alone)
                continue;
            alone.Dispose();
            Unmount(volume);
        }

        _used.Clear();
    }

    private static void Mount(VolumePlan volume)
    {
        var (flags, data) = Parse(volume.Options);
        try
        {
            MountTable.Mount(volume.Device, Data(volume), volume.Type, flags, data);
            // A bind takes its other flags only afterwards (mount(2)).
            if (flags.HasFlag(MountFlags.Bind) && (flags & ~(MountFlags.Bind | MountFlags.Recursive)) != MountFlags.None)
                MountTable.Mount(null, Data(volume), null, flags | MountFlags.Remount);
        }
        catch (LinuxException e)
        {
            Unmount(volume);
            throw new VitrineException(ErrorKind.Invalid,
                $"failed to mount local volume: mount {volume.Device}:{Data(volume)}, data: {volume.Options}: {e.Errno.Describe()}", e);
        }
    }

    /// <summary>Stale mounts of shims that were killed may lie on each other.</summary>
    private static void Unmount(VolumePlan volume)
    {
        while (MountTable.Unmount(Data(volume)))
        {
        }
    }

    private static (MountFlags Flags, string? Data) Parse(string options)
    {
        var flags = MountFlags.None;
        var data = new List<string>();
        foreach (var option in options.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Flag(option) is { } flag)
                flags |= flag;
            else if (option is not ("rw" or "defaults" or "suid" or "dev" or "exec"))
                data.Add(option);
        }

        return (flags, data.Count == 0 ? null : string.Join(',', data));
    }

    private static MountFlags? Flag(string option) => option switch
    {
        "ro" => MountFlags.ReadOnly,
        "nosuid" => MountFlags.NoSuid,
        "nodev" => MountFlags.NoDev,
        "noexec" => MountFlags.NoExec,
        "sync" => MountFlags.Synchronous,
        "noatime" => MountFlags.NoAccessTime,
        "nodiratime" => MountFlags.NoDirectoryAccessTime,
        "relatime" => MountFlags.RelativeAccessTime,
        "strictatime" => MountFlags.StrictAccessTime,
        "bind" => MountFlags.Bind,
        "rbind" => MountFlags.Bind | MountFlags.Recursive,
        _ => null,
    };

    private static string Data(VolumePlan volume) => Path.Join(volume.Directory, "_data");

    private static string TurnLock(VolumePlan volume) => Path.Join(volume.Directory, "mount.lock");

    private static string UseLock(VolumePlan volume) => Path.Join(volume.Directory, "use.lock");
}

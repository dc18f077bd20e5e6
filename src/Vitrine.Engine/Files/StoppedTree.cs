using System.Runtime.ExceptionServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Engine.Storage;
using Vitrine.Linux;

namespace Vitrine.Engine.Files;

/// <summary>
/// Mounts the files of a container that does not run where nobody else sees it: in a mount namespace of a thread made for it, of
/// which only the root directory's handle is kept. Should this process be killed, nothing is left.
/// </summary>
internal sealed class StoppedTree
{
    private readonly ContainerRecord _record;
    private readonly StorePaths _store;
    private readonly ContainerPaths _paths;
    private readonly List<SafeFileHandle> _layers = [];

    private StoppedTree(ContainerRecord record, StorePaths store)
    {
        _record = record;
        _store = store;
        _paths = store.Container(record.Id);
    }

    /// <summary>The files with volumes and binds. What is written stays in the container: the caller holds its lock.</summary>
    public static ContainerTree OpenWritable(ContainerRecord record, StorePaths store, IDisposable held) =>
        new StoppedTree(record, store).Open(writes: true, mounts: true, held);

    /// <summary>The files as they are, with volumes and binds; nothing that happens to the tree reaches the container.</summary>
    public static ContainerTree OpenReadOnly(ContainerRecord record, StorePaths store) => new StoppedTree(record, store).Open(writes: false, mounts: true);

    /// <summary>The root file system alone, without what is mounted in it. The container may run.</summary>
    public static ContainerTree OpenRootFs(ContainerRecord record, StorePaths store) => new StoppedTree(record, store).Open(writes: false, mounts: false);

    private ContainerTree Open(bool writes, bool mounts, IDisposable? held = null)
    {
        ContainerTree? tree = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            SafeFileHandle? space = null;
            SafeFileHandle? root = null;
            try
            {
                space = PrivateMounts.Unshare();
                var mountPoint = writes ? MountWritable() : MountReadOnly();
                root = FileAt.OpenDirectory(mountPoint);
                if (mounts)
                    MountAll(root);
                if (writes && _record.HostConfig.ReadonlyRootfs)
                    MountTable.Mount(null, mountPoint, null, MountFlags.Remount | MountFlags.Bind | MountFlags.ReadOnly);
                PrivateMounts.KeepOnly(mountPoint);
                tree = new ContainerTree(root, space, held);
            }
            catch (Exception e)
            {
                root?.Dispose();
                space?.Dispose();
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        _layers.ForEach(static layer => layer.Dispose());
        failure?.Throw();
        return tree!;
    }

    private string MountWritable()
    {
        if (_record.RootFs is { } directory)
            MountTable.Mount(directory, _paths.RootFs, null, MountFlags.Bind | MountFlags.Recursive);
        else
            MountOverlay(_paths.RootFs, Lower(), _paths.Upper, _paths.Work);
        return _paths.RootFs;
    }

    /// <summary>Over a layer of memory: directories for mounts can be made, and the container's own files are only read.</summary>
    private string MountReadOnly()
    {
        if (_record.RootFs is not null)
            return MountWritable();
        var lower = Lower().Prepend(ByHandle(_paths.Upper)).ToList();
        MountTable.Mount("tmpfs", _paths.RootFs, "tmpfs", MountFlags.NoSuid, "mode=700");
        var (upper, work, mountPoint) = ($"{_paths.RootFs}/upper", $"{_paths.RootFs}/work", $"{_paths.RootFs}/root");
        using var memory = FileAt.OpenDirectory(_paths.RootFs);
        foreach (var name in (string[])["upper", "work", "root"])
            Make(memory, Encoding.ASCII.GetBytes(name));
        MountOverlay(mountPoint, lower, upper, work);
        return mountPoint;
    }

    private List<string> Lower() =>
        _record.Layers.Count == 0 ? [ByHandle(_paths.RootFs)] : [.. _record.Layers.Reverse().Select(layer => ByHandle(_store.Layer(layer)))];

    /// <summary>A short name: mount(2) takes its options in one page.</summary>
    private string ByHandle(string directory)
    {
        _layers.Add(FileAt.OpenDirectory(directory));
        return $"/proc/self/fd/{Fd.Number(_layers[^1])}";
    }

    private void MountOverlay(string mountPoint, List<string> lower, string upper, string work) => MountTable.Mount("overlay", mountPoint, "overlay",
        MountFlags.None, $"lowerdir={string.Join(':', lower)},upperdir={ByHandle(upper)},workdir={ByHandle(work)},redirect_dir=off,metacopy=off,index=off");

    private void MountAll(SafeFileHandle root)
    {
        foreach (var (source, destination) in ((string, string)[])[(_paths.ResolvConf, "/etc/resolv.conf"), (_paths.Hostname, "/etc/hostname"), (_paths.Hosts, "/etc/hosts")])
        {
            if (File.Exists(source) && !_record.Mounts.Any(mount => mount.Destination == destination))
                Bind(root, source, destination, readOnly: _record.HostConfig.ReadonlyRootfs, recursive: false);
        }

        foreach (var mount in _record.Mounts.Where(static mount => mount.Type != "tmpfs"))
        {
            var source = mount.IsVolume ? _store.VolumeData(mount.Name!) : mount.Source;
            if (Path.Exists(source))
                Bind(root, source, mount.Destination, mount.ReadOnly, !mount.NonRecursive);
        }
    }

    private static void Bind(SafeFileHandle root, string source, string destination, bool readOnly, bool recursive)
    {
        using (var target = MountPoint(root, destination, Directory.Exists(source)))
            MountTable.Mount(source, $"/proc/self/fd/{Fd.Number(target)}", null, MountFlags.Bind | (recursive ? MountFlags.Recursive : MountFlags.None));
        if (!readOnly)
            return;
        using var mounted = FileAt.Open(root, Encoding.UTF8.GetBytes(destination), OpenFlags.PathOnly, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks);
        MountTable.Mount(null, $"/proc/self/fd/{Fd.Number(mounted)}", null, MountFlags.Remount | MountFlags.Bind | MountFlags.ReadOnly);
    }

    /// <summary>What is to be mounted on, made where it is missing: as at the container's start.</summary>
    private static SafeFileHandle MountPoint(SafeFileHandle root, string destination, bool isDirectory)
    {
        const ResolveFlags Inside = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks;
        var parts = destination.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var count = 1; count <= parts.Length; count++)
        {
            var path = Encoding.UTF8.GetBytes(string.Join('/', parts[..count]));
            if (FileAt.TryOpen(root, path, OpenFlags.PathOnly, Inside, 0, out var there) == Errno.None)
            {
                there!.Dispose();
                continue;
            }

            var above = count == 1 ? "."u8.ToArray() : Encoding.UTF8.GetBytes(string.Join('/', parts[..(count - 1)]));
            using var parent = FileAt.Open(root, above, OpenFlags.Directory, Inside);
            var name = Encoding.UTF8.GetBytes(parts[count - 1]);
            if (count == parts.Length && !isDirectory)
                FileAt.Open(parent, name, OpenFlags.Create | OpenFlags.WriteOnly | OpenFlags.NoFollow, ResolveFlags.None, 0b110_100_100).Dispose();
            else
                Make(parent, name);
        }

        return FileAt.Open(root, Encoding.UTF8.GetBytes(destination), OpenFlags.PathOnly, Inside);
    }

    private static void Make(SafeFileHandle parent, ReadOnlySpan<byte> name)
    {
        if (FileAt.TryMakeDirectory(parent, name, 0b111_101_101) is var error and not (Errno.None or Errno.EEXIST))
            throw FileAt.Failure("mkdir", parent, name, error);
    }
}

using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Running;
using Vitrine.Engine.Storage;
using Vitrine.Images.Layers;
using Vitrine.Linux;

namespace Vitrine.Engine.Files;

/// <summary>
/// Compares a container's upper directory with the image's layers. Empty files and directories that were made at the start for
/// mounts of the engine's own (/proc, /etc/hosts, ...) are no change of the container's, and neither are directories that hold nothing else.
/// </summary>
internal sealed class ContainerChanges
{
    private static readonly string[] s_mountPoints =
        ["/proc", "/sys", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/dev/console", "/etc/resolv.conf", "/etc/hostname", "/etc/hosts", "/.dockerenv"];

    private readonly LayeredTree _image;
    private readonly CancellationToken _cancellation;
    private readonly List<FilesystemChange> _changes = [];

    private ContainerChanges(LayeredTree image, CancellationToken cancellation)
    {
        _image = image;
        _cancellation = cancellation;
    }

    /// <summary>The changes, a directory before what is in it, names in byte order; none of a container on a plain directory.</summary>
    public static IReadOnlyList<FilesystemChange> Of(Container found, StorePaths paths, CancellationToken cancellation)
    {
        if (found.Record.RootFs is not null)
            return [];
        using var image = new LayeredTree(found.Record.Layers.Count > 0 ? [.. found.Record.Layers.Select(paths.Layer)] : [found.Paths.RootFs]);
        using var upper = FileAt.OpenDirectory(found.Paths.Upper);
        var changes = new ContainerChanges(image, cancellation);
        changes.Walk(upper, "");
        return changes._changes;
    }

    private void Walk(SafeFileHandle directory, string path)
    {
        if (Xattr.Get(directory, "."u8, "trusted.overlay.opaque"u8) is [(byte)'y', ..])
            AddHidden(directory, path);
        var names = new List<byte[]>();
        using (var entries = new DirectoryReader(directory))
        {
            while (entries.MoveNext())
                names.Add(entries.Name.ToArray());
        }

        names.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        foreach (var name in names)
        {
            _cancellation.ThrowIfCancellationRequested();
            Look(directory, name, $"{path}/{Encoding.UTF8.GetString(name)}");
        }
    }

    private void Look(SafeFileHandle parent, byte[] name, string path)
    {
        // A running container works here meanwhile: what has gone is no change.
        if (FileAt.TryStatus(parent, name, out var status) != Errno.None)
            return;
        var before = _image.Stat(path, followLast: false);
        if (status.IsWhiteout)
        {
            if (before is not null)
                Add(path, FilesystemChange.Deleted);
            return;
        }

        var at = _changes.Count;
        if (status.Kind == FileKind.Directory && FileAt.TryOpen(parent, name, OpenFlags.Directory | OpenFlags.NoFollow, ResolveFlags.None, 0, out var inside) == Errno.None)
        {
            using (inside)
                Walk(inside!, path);
        }

        if (IsChange(path, status, before, hasChanges: _changes.Count > at))
            _changes.Insert(at, new() { Path = path, Kind = before is null ? FilesystemChange.Added : FilesystemChange.Modified });
    }

    private static bool IsChange(string path, FileStatus status, FileStatus? before, bool hasChanges)
    {
        if (hasChanges)
            return true;
        var isDirectory = status.Kind == FileKind.Directory;
        if (before is not { } old)
            return !(s_mountPoints.Contains(path) && (isDirectory || status.Size == 0)) && !(isDirectory && HoldsMountPoint(path));

        // A directory is copied up for what is made in it; that time of its own change then says nothing where it is a mount point that was made.
        var isSame = isDirectory && old.Kind == FileKind.Directory && old.Mode == status.Mode && old.Uid == status.Uid && old.Gid == status.Gid;
        return !(isSame && (old.Modified == status.Modified || HoldsMountPoint(path)));
    }

    private static bool HoldsMountPoint(string path) =>
        Array.Exists(s_mountPoints, mountPoint => mountPoint.StartsWith(path + "/", StringComparison.Ordinal));

    /// <summary>A directory that was deleted and made again hides all that the image has in it.</summary>
    private void AddHidden(SafeFileHandle directory, string path)
    {
        foreach (var name in _image.List(path.Length == 0 ? "/" : path) ?? [])
        {
            if (FileAt.TryStatus(directory, name, out _) == Errno.ENOENT)
                Add($"{path}/{Encoding.UTF8.GetString(name)}", FilesystemChange.Deleted);
        }
    }

    private void Add(string path, int kind) => _changes.Add(new() { Path = path, Kind = kind });
}

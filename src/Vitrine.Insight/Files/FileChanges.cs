using Microsoft.Win32.SafeHandles;
using Vitrine.Insight.Mounts;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Files;

public enum ChangeKind
{
    Added,
    Changed,
    Deleted,
}

/// <summary>A file that is not as the image has it.</summary>
/// <param name="Kind">What happened to it.</param>
/// <param name="Item">What it is now; of a deleted one, what the image had.</param>
/// <param name="Where">The layer or mount it was found in: writable layer, tmpfs /run...</param>
/// <param name="When">When it was last changed (its content or its attributes); null where that is not known, as for most deletions.</param>
public sealed record FileChange(ChangeKind Kind, FileItem Item, string Where, FileTime? When);

/// <summary>
/// What of a container's files is not as its image has them, for somebody who looks into what happened: from the overlay's
/// writable layer, from filesystems in memory, which began empty, and of others what can be known.
/// </summary>
public sealed class FileChanges
{
    private const string WritableLayer = "writable layer";

    private readonly ContainerRoot _root;
    private readonly List<FileChange> _changes = [];
    private readonly List<string> _unknown = [];
    private readonly List<string> _engineFiles = [];
    private readonly List<SafeFileHandle> _layers = [];

    private FileChanges(ContainerRoot root) => _root = root;

    /// <summary>In order of their paths, parted by where they are.</summary>
    public IReadOnlyList<FileChange> Changes => _changes;

    /// <summary>What could not be looked at or compared, a sentence each.</summary>
    public IReadOnlyList<string> Unknown => _unknown;

    /// <summary>Compares.</summary>
    public static FileChanges Of(ContainerRoot root)
    {
        var changes = new FileChanges(root);
        try
        {
            if (root.Upper is { } upper)
                changes.Layer(upper);
            else
                changes.ByTime();
            foreach (var mount in root.Mounts)
                changes.Mount(mount);
            if (changes._engineFiles.Count > 0)
                changes._unknown.Add($"{string.Join(", ", changes._engineFiles)}: files that the engine writes for the container, and the container may");
        }
        finally
        {
            changes._layers.ForEach(static layer => layer.Dispose());
        }

        return changes;
    }

    private void Layer(string upper)
    {
        SafeFileHandle top;
        try
        {
            top = FileAt.OpenDirectory(upper);
            foreach (var layer in _root.Lower)
                _layers.Add(FileAt.OpenDirectory(layer));
        }
        catch (LinuxException e)
        {
            _unknown.Add($"the writable layer: {e.Message}");
            return;
        }

        using (top)
            new FileWalk(new HashSet<DeviceNumber>(), item => Compare(top, item), Missed).Run(top, "/");
    }

    private void Compare(SafeFileHandle top, FileItem item)
    {
        var below = Below(item);
        if (item.Status.IsWhiteout)
        {
            // One inode marks many deletions, so its time says little of any.
            if (below is not null)
                _changes.Add(new FileChange(ChangeKind.Deleted, below, WritableLayer, item.Status.LinkCount == 1 ? item.Status.Changed : null));
            return;
        }

        if (below is null && IsPlace(item))
            return;
        if (below is null)
            Add(ChangeKind.Added, item);
        else if (item.Status.Kind != FileKind.Directory || below.Status.Kind != FileKind.Directory || IsOtherwise(item.Status, below.Status))
            Add(ChangeKind.Changed, item);
        if (item.Status.Kind == FileKind.Directory && below is not null && IsOpaque(top, item.Bytes))
            _unknown.Add($"{item.Path} was replaced by a new directory: all that the image had in it is gone");

        void Add(ChangeKind kind, FileItem changed) => _changes.Add(new FileChange(kind, changed, WritableLayer, changed.Status.Changed));
    }

    /// <summary>An empty file that the runtime made only to mount one of the engine's on.</summary>
    private bool IsPlace(FileItem item) => item.Status is { Kind: FileKind.Regular, Size: 0 }
        && _root.Mounts.Any(mount => mount.MountPoint == item.Path && MountClassifier.IsEngineFile(mount));

    // A directory is copied up when something in it changes: that alone is no change of its own.
    private static bool IsOtherwise(FileStatus now, FileStatus before) => (now.Mode, now.Uid, now.Gid) != (before.Mode, before.Uid, before.Gid);

    private static bool IsOpaque(SafeFileHandle top, byte[] path) =>
        Xattr.Get(top, path, "trusted.overlay.opaque"u8) is [(byte)'y'];

    /// <summary>What the image has under a path: from the topmost layer that has anything.</summary>
    private FileItem? Below(FileItem item)
    {
        var bytes = item.Bytes;
        foreach (var layer in _layers)
        {
            // A file where the path has a directory, or a mark of deletion on the way, ends the search too.
            for (var end = bytes.AsSpan().IndexOf((byte)'/'); end >= 0; end = Next(bytes, end))
            {
                if (FileAt.TryStatus(layer, bytes.AsSpan(0, end), out var parent) == Errno.None && parent.Kind != FileKind.Directory)
                    return null;
            }

            if (FileWalk.Look(layer, bytes, item.Path) is { } found)
                return found.Status.IsWhiteout ? null : found;
        }

        return null;
    }

    private static int Next(byte[] path, int from)
    {
        var next = path.AsSpan(from + 1).IndexOf((byte)'/');
        return next < 0 ? -1 : from + 1 + next;
    }

    /// <summary>Without layers: what was changed since the process started, by the time that only the kernel sets.</summary>
    private void ByTime()
    {
        _unknown.Add($"the root is {_root.FileSystem}, which has no layers to compare with: told is what was changed since process {_root.Pid} started, and what was deleted is not known");
        if (_root.Started is not { } start || _root.TryOpen("/", OpenFlags.Directory, out var directory) != Errno.None)
            return;
        using (directory)
        {
            var own = FileAt.TryStatus(directory!, default, out var status) == Errno.None ? status.Device : default;
            new FileWalk(new Others(own), item => Since(item, start, own), Missed).Run(directory!, "/");
        }
    }

    private void Since(FileItem item, FileTime start, DeviceNumber own)
    {
        if (item.Status.Device == own && item.Status.Changed.Seconds >= start.Seconds && item.Status.Kind != FileKind.Directory)
            _changes.Add(new FileChange(ChangeKind.Changed, item, _root.FileSystem, item.Status.Changed));
    }

    private void Mount(MountEntry mount)
    {
        if (mount.MountPoint == "/" || mount.IsReadOnly || _root.KernelDevices().Contains(new DeviceNumber(mount.Major, mount.Minor)))
            return;
        // Masks and the runtime's own files are mounts of single nodes.
        if (mount.FileSystem == "devtmpfs")
            return;
        if (mount is { FileSystem: "tmpfs", Root: "/" })
            Memory(mount);
        else if (MountClassifier.IsEngineFile(mount))
            _engineFiles.Add(mount.MountPoint);
        else if (!IsOwnMemory(mount))
            _unknown.Add($"{mount.MountPoint} is {mount.FileSystem} of the host ({mount.Root}): what was there before the container came is not known");
    }

    /// <summary>A part of a filesystem in memory that the container has whole elsewhere, and that is looked at there: masks are its /dev/null.</summary>
    private bool IsOwnMemory(MountEntry mount) => mount.FileSystem == "tmpfs"
        && _root.Mounts.Any(whole => whole is { FileSystem: "tmpfs", Root: "/" } && (whole.Major, whole.Minor) == (mount.Major, mount.Minor));

    /// <summary>A filesystem in memory began empty with the container: all in it was put there since. In /dev nodes and links are usual, among cgroup hierarchies links.</summary>
    private void Memory(MountEntry mount)
    {
        if (_root.TryOpen(mount.MountPoint, OpenFlags.Directory, out var directory) != Errno.None)
            return;
        using (directory)
        {
            var own = new DeviceNumber(mount.Major, mount.Minor);
            new FileWalk(new Others(own), item =>
            {
                var usual = mount.MountPoint is "/dev" or "/sys/fs/cgroup" && item.Status.Kind is not FileKind.Regular;
                if (!usual && item.Status.Device == own)
                    _changes.Add(new FileChange(ChangeKind.Added, item, $"tmpfs {mount.MountPoint}", item.Status.Changed));
            }, Missed).Run(directory!, mount.MountPoint);
        }
    }

    private void Missed(string path, Errno error) => _unknown.Add($"{path}: {error.Describe()}");

    /// <summary>Every device but one.</summary>
    private sealed class Others(DeviceNumber own) : HashSet<DeviceNumber>, IReadOnlySet<DeviceNumber>
    {
        bool IReadOnlySet<DeviceNumber>.Contains(DeviceNumber device) => device != own;
    }
}

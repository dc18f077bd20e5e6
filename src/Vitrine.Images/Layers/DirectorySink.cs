using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Vitrine.Images.Tar;
using Vitrine.Linux;

namespace Vitrine.Images.Layers;

/// <summary>
/// Writes a layer's files into a directory, as overlayfs wants a lower directory: whiteouts are character devices 0:0, opaque
/// directories carry an attribute. Owner, mode, times and extended attributes are the archive's. Nothing outside the
/// directory is touched, whatever the archive holds: every name is made in a parent that was resolved with the directory as
/// its root, and never through a link of that name.
/// </summary>
internal sealed class DirectorySink : ILayerSink, IDisposable
{
    private static ReadOnlySpan<byte> OpaqueAttribute => "trusted.overlay.opaque"u8;

    private readonly DirectoryCache _directories;
    private readonly SinkRules _rules;
    private readonly SafeFileHandle _root;
    private readonly LowerLayers? _below;
    private readonly ArrayBufferWriter<byte> _timedPaths = new(64 * 1024);
    private readonly List<(int PathLength, FileTime Modified)> _timedDirectories = [];
    private SafeFileHandle? _file;
    private long _written;
    private bool _hasRemoved;

    /// <param name="root">The directory to fill; stays the caller's.</param>
    /// <param name="rules">What is different where it is no layer that fills it.</param>
    /// <param name="below">The layers that the directory will lie on; null where it is the lowest, or no layer. Stays the caller's.</param>
    public DirectorySink(SafeFileHandle root, SinkRules? rules = null, LowerLayers? below = null)
    {
        _root = root;
        _below = below;
        _directories = new DirectoryCache(root);
        _rules = rules ?? SinkRules.OfLayers;

        // In a living tree a directory may go at any time; a layer is nobody else's.
        _hasRemoved = _rules.IsLenient;
    }

    public void AddDirectory(LayerPath path, TarEntry entry)
    {
        const uint UntilOwned = 0b111_000_000;
        var parent = _directories.Open(path.Parent);
        var error = FileAt.TryMakeDirectory(parent, path.Name, UntilOwned);
        if (error == Errno.EEXIST && FileAt.Status(parent, path.Name) is var present && present.Kind != FileKind.Directory)
        {
            Remove(ref parent, path, forDirectory: true);
            error = FileAt.TryMakeDirectory(parent, path.Name, UntilOwned);

            // A whiteout of the same layer hid what lower layers have here: so must the directory.
            if (error == Errno.None && present.IsWhiteout)
                MakeOpaque(path);
        }

        if (error is not (Errno.None or Errno.EEXIST))
            throw FileAt.Failure("make directory", parent, path.Name, error);
        _below?.Forget(path.Whole, withContent: false);
        SetOwner(parent, path, entry);
        FileAt.ChangeMode(parent, path.Name, entry.Permissions);
        SetXattrs(parent, path, entry);
        SetTimesLater(path.Whole, entry.Modified);
    }

    public void StartFile(LayerPath path, TarEntry entry)
    {
        const uint UntilOwned = 0b110_000_000;
        const OpenFlags New = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
        const OpenFlags Over = OpenFlags.WriteOnly | OpenFlags.Truncate | OpenFlags.NoFollow | OpenFlags.NonBlocking;
        var parent = _directories.Open(path.Parent);
        var error = FileAt.TryOpen(parent, path.Name, New, ResolveFlags.None, UntilOwned, out _file);
        if (error == Errno.EEXIST)
        {
            var kept = !TryRemove(ref parent, path);
            error = FileAt.TryOpen(parent, path.Name, kept ? Over : New, ResolveFlags.None, UntilOwned, out _file);
        }

        if (error != Errno.None)
            throw FileAt.Failure("create", parent, path.Name, error);
        _written = 0;
    }

    public void WriteFile(ReadOnlySpan<byte> data, long offset)
    {
        if (offset != _written)
            FileOn.Seek(_file!, offset);
        FileOn.Write(_file!, data);
        _written = offset + data.Length;
    }

    public void FinishFile(LayerPath path, TarEntry entry)
    {
        var file = _file!;
        if (_written != entry.Size)
            FileOn.SetLength(file, entry.Size);

        // This order: a change of owner clears setuid bits and file capabilities.
        if (_rules.OwnerOf(entry) is var (uid, gid))
            FileOn.ChangeOwner(file, uid, gid);
        FileOn.ChangeMode(file, entry.Permissions);
        for (var i = 0; i < entry.XattrCount; i++)
        {
            if (IsWanted(entry.XattrName(i)))
                CheckXattr(FileOnXattr(file, entry, i), _directories.Open(path.Parent), path, entry.XattrName(i));
        }

        FileOn.SetTimes(file, entry.Modified, entry.Modified);
        file.Dispose();
        _file = null;
    }

    public void AddSymlink(LayerPath path, TarEntry entry)
    {
        var parent = _directories.Open(path.Parent);
        var error = FileAt.TryMakeSymlink(entry.LinkPath, parent, path.Name);
        if (error == Errno.EEXIST)
        {
            Remove(ref parent, path);
            error = FileAt.TryMakeSymlink(entry.LinkPath, parent, path.Name);
        }

        if (error != Errno.None)
            throw FileAt.Failure("symlink", parent, path.Name, error);
        SetOwner(parent, path, entry);
        SetXattrs(parent, path, entry);
        FileAt.SetTimes(parent, path.Name, entry.Modified, entry.Modified);
    }

    public void AddHardLink(LayerPath path, LayerPath target)
    {
        if (path.Whole.SequenceEqual(target.Whole))
            return;
        var parent = _directories.Open(path.Parent);
        var source = target.Whole;
        var error = TryLink(parent, path, source);
        if (error == Errno.ENOENT && _below?.CopyUp(source, made => SetTimesLater(made.Path, made.Status.Modified)) is { } copy)
        {
            source = copy;
            error = TryLink(parent, path, source);
        }

        if (error == Errno.EEXIST)
        {
            Remove(ref parent, path);
            error = TryLink(parent, path, source);
        }

        if (error == Errno.ENOENT)
            throw new VitrineException(ErrorKind.Invalid,
                $"invalid layer: '{CString.Display(path.Whole)}' is a hard link to '{CString.Display(target.Whole)}', which {Holders}");
        if (error != Errno.None)
            throw FileAt.Failure("link", parent, path.Name, error);
    }

    public void AddNode(LayerPath path, TarEntry entry)
    {
        var kind = entry.Type switch
        {
            TarType.CharacterDevice => FileKind.CharacterDevice,
            TarType.BlockDevice => FileKind.BlockDevice,
            _ => FileKind.Fifo,
        };
        var parent = _directories.Open(path.Parent);
        var error = FileAt.TryMakeNode(parent, path.Name, kind, 0, entry.Device);
        if (error == Errno.EEXIST)
        {
            Remove(ref parent, path);
            error = FileAt.TryMakeNode(parent, path.Name, kind, 0, entry.Device);
        }

        if (error != Errno.None)
            throw FileAt.Failure($"make {kind}", parent, path.Name, error);
        SetOwner(parent, path, entry);
        FileAt.ChangeMode(parent, path.Name, entry.Permissions);
        SetXattrs(parent, path, entry);
        FileAt.SetTimes(parent, path.Name, entry.Modified, entry.Modified);
    }

    public void AddWhiteout(LayerPath path)
    {
        HideCopies(path.Whole);
        var parent = _directories.Open(path.Parent);
        var error = FileAt.TryMakeWhiteout(parent, path.Name);
        if (error == Errno.None)
            return;
        if (error != Errno.EEXIST)
            throw FileAt.Failure("make whiteout", parent, path.Name, error);

        // A whiteout is about lower layers alone. What this layer has under the name stays and hides them, a directory when opaque.
        if (FileAt.Status(parent, path.Name).Kind == FileKind.Directory)
            MakeOpaque(path);
    }

    public void MakeOpaque(LayerPath directory)
    {
        HideCopies(directory.Whole);
        var error = Xattr.TrySet(_directories.Open(directory.Whole), OpaqueAttribute, "y"u8);
        if (error != Errno.None)
            throw FileAt.Failure("make opaque", _directories.Open(default), directory.Whole, error);
    }

    /// <summary>Sets the times of directories, which making their entries had changed.</summary>
    public void Finish()
    {
        var start = 0;
        foreach (var (length, modified) in _timedDirectories)
        {
            var whole = _timedPaths.WrittenSpan.Slice(start, length);
            start += length;
            var slash = whole.LastIndexOf((byte)'/');
            var name = whole[(slash + 1)..];
            if (_directories.TryOpen(slash < 0 ? default : whole[..slash], out var parent) != Errno.None)
                continue;
            if (!_hasRemoved || (FileAt.TryStatus(parent!, name, out var status) == Errno.None && status.Kind == FileKind.Directory))
                FileAt.SetTimes(parent!, name, modified, modified);
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _directories.Dispose();
    }

    private string Holders => _below is null ? "this layer does not hold" : "neither this layer nor those below it hold";

    private Errno TryLink(SafeFileHandle parent, LayerPath path, ReadOnlySpan<byte> target)
    {
        var slash = target.LastIndexOf((byte)'/');
        var error = _directories.TryOpen(slash < 0 ? default : target[..slash], out var from);
        var name = target[(slash + 1)..];

        // What a layer has hidden is not there to be linked to.
        if (error == Errno.None && !_rules.IsLenient && FileAt.TryStatus(from!, name, out var status) == Errno.None && status.IsWhiteout)
            return Errno.ENOENT;
        return error == Errno.None ? FileAt.TryLink(from!, name, parent, path.Name) : error;
    }

    /// <summary>Notes the times of a directory until <see cref="Finish"/>.</summary>
    private void SetTimesLater(ReadOnlySpan<byte> path, FileTime modified)
    {
        _timedPaths.Write(path);
        _timedDirectories.Add((path.Length, modified));
    }

    private void HideCopies(ReadOnlySpan<byte> path)
    {
        if (_below?.Hide(_root, path) is not true)
            return;
        _hasRemoved = true;
        _directories.Clear();
    }

    /// <summary>An entry takes the place of an earlier one of its name, as docker does it: the name goes, with all below it.</summary>
    private void Remove(ref SafeFileHandle parent, LayerPath path, bool forDirectory = false)
    {
        if (_rules.KeepsKinds)
            CheckKind(parent, path, forDirectory);
        _hasRemoved = true;
        _below?.Forget(path.Whole, withContent: true);
        FileTree.Delete(parent, path.Name);

        // Known paths may have led through what is gone.
        _directories.Clear();
        parent = _directories.Open(path.Parent);
    }

    /// <summary>False where the name cannot go because something is mounted on it: /etc/hosts of a running container.</summary>
    private bool TryRemove(ref SafeFileHandle parent, LayerPath path)
    {
        try
        {
            Remove(ref parent, path);
            return true;
        }
        catch (LinuxException error) when (error.Errno == Errno.EBUSY && _rules.IsLenient && FileAt.Status(parent, path.Name).Kind == FileKind.Regular)
        {
            return false;
        }
    }

    /// <summary>Docker's NoOverwriteDirNonDir: a directory is not replaced by something else, nor the other way round.</summary>
    private static void CheckKind(SafeFileHandle parent, LayerPath path, bool forDirectory)
    {
        if (FileAt.TryStatus(parent, path.Name, out var status) != Errno.None || status.Kind == FileKind.Directory == forDirectory)
            return;
        var (there, comes) = forDirectory ? ("non-directory", "directory") : ("directory", "non-directory");
        throw new VitrineException(ErrorKind.Invalid, $"cannot overwrite {there} \"/{CString.Display(path.Whole)}\" with {comes} \"/{CString.Display(path.Parent)}\"");
    }

    private void SetOwner(SafeFileHandle parent, LayerPath path, TarEntry entry)
    {
        if (_rules.OwnerOf(entry) is var (uid, gid))
            FileAt.ChangeOwner(parent, path.Name, uid, gid);
    }

    private void SetXattrs(SafeFileHandle parent, LayerPath path, TarEntry entry)
    {
        for (var i = 0; i < entry.XattrCount; i++)
        {
            var name = entry.XattrName(i);
            if (IsWanted(name))
                CheckXattr(Xattr.TrySet(parent, path.Name, name, entry.XattrValue(i)), parent, path, name);
        }
    }

    private static Errno FileOnXattr(SafeFileHandle file, TarEntry entry, int index) =>
        Xattr.TrySet(file, entry.XattrName(index), entry.XattrValue(index));

    /// <summary>An image does not speak to overlayfs: its attributes could redirect directories and file contents.</summary>
    private static bool IsWanted(ReadOnlySpan<byte> name) =>
        !name.StartsWith("trusted.overlay."u8) && !name.StartsWith("user.overlay."u8);

    private void CheckXattr(Errno error, SafeFileHandle parent, LayerPath path, ReadOnlySpan<byte> name)
    {
        if (_rules.IsLenient && error is Errno.EPERM or Errno.EOPNOTSUPP)
            return;

        // Labels of a security module that this host does not run cannot be kept; file capabilities must be.
        if (error == Errno.None || (error == Errno.EOPNOTSUPP && !name.SequenceEqual("security.capability"u8)))
            return;
        throw FileAt.Failure($"setxattr {CString.Display(name)} on", parent, path.Name, error);
    }
}

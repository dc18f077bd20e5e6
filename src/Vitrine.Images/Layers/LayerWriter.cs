using Microsoft.Win32.SafeHandles;
using Vitrine.Images.Tar;
using Vitrine.Linux;

namespace Vitrine.Images.Layers;

/// <summary>
/// Writes a directory, or the upper layer that overlayfs has made, as the tar archive of a layer (image-spec layer.md):
/// whiteout devices become <c>.wh.</c> files, opaque directories get <c>.wh..wh..opq</c>. Names come in byte order, so that the
/// same files give the same layer.
/// </summary>
public sealed partial class LayerWriter
{
    private const int MaxDepth = FileTree.MaxCopyDepth;

    private readonly TarWriter _tar;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<(DeviceNumber Device, ulong Inode), byte[]> _linked = [];
    private readonly TarEntry _entry = new();
    private readonly byte[] _buffer = new byte[128 * 1024];

    /// <summary>Whether whiteouts and opaque directories are what overlayfs means by them, or files as any.</summary>
    private bool _isLayer = true;

    /// <summary>Whether somebody may change the files meanwhile.</summary>
    private bool _isLive;

    /// <summary>Which paths are written; null is all. Of a directory that is left out, all below it is too.</summary>
    private Predicate<byte[]>? _includes;

    private LayerWriter(Stream output, CancellationToken cancellation)
    {
        _tar = new TarWriter(output);
        _cancellation = cancellation;
    }

    /// <summary>Writes the content of a directory as one whole archive.</summary>
    /// <param name="directory">The root of the layer. Sockets in it are left out, as docker leaves them.</param>
    /// <param name="output">Stays open.</param>
    /// <param name="cancellation">Ends the work between files.</param>
    /// <exception cref="LinuxException">A file cannot be read.</exception>
    /// <exception cref="VitrineException">Conflict: a file changed its length while it was read.</exception>
    public static void Write(string directory, Stream output, CancellationToken cancellation = default)
    {
        using var root = FileAt.OpenDirectory(directory);
        var writer = new LayerWriter(output, cancellation);
        writer.WriteDirectory(root, default, 0);
        writer._tar.Finish();
    }

    private void WriteDirectory(SafeFileHandle directory, ReadOnlySpan<byte> path, int depth)
    {
        if (depth > MaxDepth)
            throw FileAt.Failure("archive", directory, default, Errno.ELOOP);
        if (_isLayer && Xattr.Get(directory, "."u8, "trusted.overlay.opaque"u8) is [(byte)'y', ..])
            WriteMarker(Join(path, ".wh..wh..opq"u8));
        foreach (var name in Names(directory))
        {
            _cancellation.ThrowIfCancellationRequested();
            if (Join(path, name) is var whole && _includes?.Invoke(whole) is not false)
                WriteName(directory, name, whole, depth);
        }
    }

    private void WriteName(SafeFileHandle parent, byte[] name, byte[] path, int depth)
    {
        if (TryLook(parent, name) is not { } status)
            return;
        if (_isLayer && status.IsWhiteout)
        {
            WriteMarker([.. path.AsSpan(0, path.Length - name.Length), .. ".wh."u8, .. name]);
            return;
        }

        if (status.Kind == FileKind.Socket)
            return;
        if (status.LinkCount > 1 && status.Kind != FileKind.Directory)
        {
            if (_linked.TryGetValue((status.Device, status.Inode), out var first))
            {
                WriteHardLink(path, first, status);
                return;
            }

            _linked.Add((status.Device, status.Inode), path);
        }

        Describe(parent, name, path, status);
        if (status.Kind == FileKind.Regular)
        {
            if (_isLive)
                WriteLiveContent(parent, name, status);
            else
                WriteContent(parent, name);
            return;
        }

        _tar.WriteEntry(_entry);
        if (status.Kind != FileKind.Directory)
            return;
        using var directory = FileAt.Open(parent, name, OpenFlags.Directory | OpenFlags.NoFollow);
        WriteDirectory(directory, path, depth + 1);
    }

    private void WriteMarker(byte[] path)
    {
        _entry.Clear();
        _entry.Path = path;
        _tar.WriteEntry(_entry);
    }

    private void WriteHardLink(byte[] path, byte[] target, FileStatus status)
    {
        FillStatus(path, status);
        _entry.Type = TarType.HardLink;
        _entry.LinkPath = target;
        _tar.WriteEntry(_entry);
    }

    private void WriteContent(SafeFileHandle parent, byte[] name)
    {
        using var file = FileAt.Open(parent, name, OpenFlags.NoFollow | OpenFlags.NonBlocking);
        var left = _entry.Size;
        _tar.WriteEntry(_entry);
        while (left > 0)
        {
            var read = FileOn.Read(file, _buffer.AsSpan(0, (int)Math.Min(left, _buffer.Length)));
            if (read == 0)
                throw new VitrineException(ErrorKind.Conflict, $"'{CString.Display(_entry.Path)}' became shorter while it was archived");
            _tar.WriteData(_buffer.AsSpan(0, read));
            left -= read;
        }
    }

    private void Describe(SafeFileHandle parent, byte[] name, byte[] path, FileStatus status)
    {
        FillStatus(path, status);
        if (status.Kind == FileKind.Directory)
            _entry.Path = path is [.., (byte)'/'] ? path : [.. path, (byte)'/'];
        if (status.Kind == FileKind.Symlink)
        {
            var error = FileAt.TryReadLink(parent, name, out var target);
            _entry.LinkPath = error == Errno.None ? target : throw FileAt.Failure("readlink", parent, name, error);
        }

        ReadOnlySpan<byte> attributes = Xattr.List(parent, name);
        foreach (var range in attributes.Split((byte)0))
        {
            var attribute = attributes[range];
            if (!attribute.IsEmpty && !attribute.StartsWith("trusted.overlay."u8) && Xattr.Get(parent, name, attribute) is { } value)
                _entry.SetXattr(attribute, value);
        }
    }

    private void FillStatus(byte[] path, FileStatus status)
    {
        _entry.Clear();
        _entry.Path = path;
        _entry.Type = status.Kind switch
        {
            FileKind.Directory => TarType.Directory,
            FileKind.Symlink => TarType.Symlink,
            FileKind.CharacterDevice => TarType.CharacterDevice,
            FileKind.BlockDevice => TarType.BlockDevice,
            FileKind.Fifo => TarType.Fifo,
            _ => TarType.Regular,
        };
        _entry.Permissions = status.Permissions;
        _entry.Uid = status.Uid;
        _entry.Gid = status.Gid;
        _entry.Modified = status.Modified;
        _entry.Device = status.Represents;
        _entry.Size = status.Kind == FileKind.Regular ? (long)status.Size : 0;
    }

    private static List<byte[]> Names(SafeFileHandle directory)
    {
        var names = new List<byte[]>();
        using var entries = new DirectoryReader(directory);
        while (entries.MoveNext())
            names.Add(entries.Name.ToArray());
        names.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        return names;
    }

    private static byte[] Join(ReadOnlySpan<byte> parent, ReadOnlySpan<byte> name) =>
        parent.IsEmpty ? name.ToArray() : parent[^1] == '/' ? [.. parent, .. name] : [.. parent, (byte)'/', .. name];
}

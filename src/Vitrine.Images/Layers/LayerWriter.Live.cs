using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Images.Layers;

/// <content>Trees in which somebody else works meanwhile.</content>
public sealed partial class LayerWriter
{
    /// <summary>Writes of a container's upper directory what <paramref name="includes"/> says, as one whole layer.</summary>
    /// <param name="directory">The upper directory; the container may work in it meanwhile.</param>
    /// <param name="includes">Told each path from the root, without a leading slash.</param>
    /// <param name="output">Stays open.</param>
    /// <param name="cancellation">Ends the work between files.</param>
    /// <exception cref="LinuxException">A file cannot be read.</exception>
    public static void Write(string directory, Predicate<string> includes, Stream output, CancellationToken cancellation = default)
    {
        using var root = FileAt.OpenDirectory(directory);
        var writer = new LayerWriter(output, cancellation) { _isLive = true, _includes = path => includes(Encoding.UTF8.GetString(path)) };
        writer.WriteDirectory(root, default, 0);
        writer._tar.Finish();
    }

    /// <summary>See <see cref="TreeArchive.Write"/>.</summary>
    internal static void WriteLive(SafeFileHandle parent, byte[] name, byte[] archivedAs, Stream output, CancellationToken cancellation)
    {
        var writer = new LayerWriter(output, cancellation) { _isLayer = false, _isLive = true };
        writer.WriteName(parent, name, archivedAs, 0);
        writer._tar.Finish();
    }

    /// <summary>See <see cref="TreeArchive.WriteContent"/>.</summary>
    internal static void WriteLive(SafeFileHandle directory, Stream output, CancellationToken cancellation)
    {
        var writer = new LayerWriter(output, cancellation) { _isLayer = false, _isLive = true };
        writer.WriteDirectory(directory, default, 0);
        writer._tar.Finish();
    }

    /// <summary>What has the name; null in a living tree where it has gone since it was listed.</summary>
    private FileStatus? TryLook(SafeFileHandle parent, byte[] name)
    {
        var error = FileAt.TryStatus(parent, name, out var status);
        if (error == Errno.None)
            return status;
        return error == Errno.ENOENT && _isLive ? null : throw FileAt.Failure("stat", parent, name, error);
    }

    /// <summary>
    /// The content of a file that may be written, cut or exchanged meanwhile. It has as many bytes as the archive says, zeros where
    /// the file has fewer by now. Nothing is opened but the file that was looked at: opening a device or fifo in its place would do something.
    /// </summary>
    private void WriteLiveContent(SafeFileHandle parent, byte[] name, FileStatus status)
    {
        using var file = TryOpenSame(parent, name, status);
        var left = _entry.Size;
        _tar.WriteEntry(_entry);
        while (left > 0)
        {
            _cancellation.ThrowIfCancellationRequested();
            var piece = _buffer.AsSpan(0, (int)Math.Min(left, _buffer.Length));
            var read = file is null ? 0 : FileOn.Read(file, piece);
            if (read == 0)
            {
                piece.Clear();
                read = piece.Length;
            }

            _tar.WriteData(piece[..read]);
            left -= read;
        }
    }

    private static SafeFileHandle? TryOpenSame(SafeFileHandle parent, byte[] name, FileStatus status)
    {
        var error = FileAt.TryOpen(parent, name, OpenFlags.PathOnly | OpenFlags.NoFollow, ResolveFlags.None, 0, out var looked);
        if (error is Errno.ENOENT or Errno.ELOOP)
            return null;
        if (error != Errno.None)
            throw FileAt.Failure("open", parent, name, error);
        using (looked)
        {
            var now = FileAt.Status(looked!, default);
            return now.Kind == FileKind.Regular && now.Inode == status.Inode && now.Device == status.Device
                ? Fd.Open($"/proc/self/fd/{Fd.Number(looked!)}", OpenFlags.ReadOnly | OpenFlags.NonBlocking)
                : null;
        }
    }
}

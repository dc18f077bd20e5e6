using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Insight.Files;

/// <summary>Walks over the files below a directory of a container, each directory before what is in it, names in order of their bytes.</summary>
public sealed class FileWalk
{
    private const int Deepest = 256;
    private const ResolveFlags Inside = ResolveFlags.Beneath | ResolveFlags.NoMagicLinks | ResolveFlags.NoSymlinks;

    private readonly IReadOnlySet<DeviceNumber> _skipped;
    private readonly Action<FileItem> _found;
    private readonly Action<string, Errno> _missed;
    private readonly Func<int, bool> _enters;

    /// <param name="skipped">Filesystems that are not entered.</param>
    /// <param name="found">Takes each file.</param>
    /// <param name="missed">Takes what cannot be read, and why.</param>
    /// <param name="enters">Whether directories at a depth are entered; 0 is the first.</param>
    public FileWalk(IReadOnlySet<DeviceNumber> skipped, Action<FileItem> found, Action<string, Errno> missed, Func<int, bool>? enters = null)
    {
        _skipped = skipped;
        _found = found;
        _missed = missed;
        _enters = enters ?? (static _ => true);
    }

    /// <summary>Walks over what is in a directory; the directory itself is not told.</summary>
    /// <param name="directory">Opened for reading.</param>
    /// <param name="path">As files are to be named.</param>
    public void Run(SafeFileHandle directory, string path) => Run(directory, path == "/" ? "" : path.TrimEnd('/'), [], 0);

    /// <summary>What one name of a directory is; null where it is gone or may not be looked at.</summary>
    public static FileItem? Look(SafeFileHandle directory, ReadOnlySpan<byte> name, string path)
    {
        if (FileAt.TryStatus(directory, name, out var status) != Errno.None)
            return null;
        var target = status.Kind == FileKind.Symlink && FileAt.TryReadLink(directory, name, out var bytes) == Errno.None ? CString.Display(bytes) : null;
        return new FileItem(path, status, target);
    }

    private void Run(SafeFileHandle directory, string path, byte[] bytes, int depth)
    {
        foreach (var name in Names(directory, path))
        {
            var inner = $"{path}/{CString.Display(name)}";
            if (Look(directory, name, inner) is not { } item)
                continue; // It went away meanwhile.
            byte[] whole = bytes.Length == 0 ? name : [.. bytes, (byte)'/', .. name];
            _found(item with { Bytes = whole });
            if (item.Status.Kind != FileKind.Directory || !_enters(depth) || _skipped.Contains(item.Status.Device))
                continue;
            var error = depth >= Deepest ? Errno.ELOOP : FileAt.TryOpen(directory, name, OpenFlags.Directory | OpenFlags.NoFollow, Inside, 0, out var next) is var failed and not Errno.None ? failed : Enter(next!, inner, whole, depth);
            if (error is not (Errno.None or Errno.ENOENT))
                _missed(inner, error);
        }
    }

    private Errno Enter(SafeFileHandle directory, string path, byte[] bytes, int depth)
    {
        using (directory)
            Run(directory, path, bytes, depth + 1);
        return Errno.None;
    }

    private List<byte[]> Names(SafeFileHandle directory, string path)
    {
        var names = new List<byte[]>();
        try
        {
            using var reader = new DirectoryReader(directory);
            while (reader.MoveNext())
                names.Add(reader.Name.ToArray());
        }
        catch (LinuxException e)
        {
            _missed(path, e.Errno);
        }

        names.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        return names;
    }
}

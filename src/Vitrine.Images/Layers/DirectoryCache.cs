using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Images.Layers;

/// <summary>
/// Open handles of the directories that were written to last, by their path in the layer. Paths are resolved with the layer
/// as root (RESOLVE_IN_ROOT): a symbolic link in a path, even to "/" or "../..", ends inside the layer or nowhere.
/// </summary>
internal sealed class DirectoryCache(SafeFileHandle root) : IDisposable
{
    private const int Capacity = 16;
    private const uint ImpliedMode = 0b111_101_101;

    private readonly (byte[] Path, SafeFileHandle Handle)?[] _slots = new (byte[], SafeFileHandle)?[Capacity];

    /// <summary>The handle of a directory; stays the cache's.</summary>
    /// <exception cref="VitrineException">Invalid: a part of the path is a link that leads nowhere.</exception>
    /// <exception cref="LinuxException">ENOTDIR where a part of the path is something else; ELOOP.</exception>
    public SafeFileHandle Open(ReadOnlySpan<byte> path)
    {
        var error = TryOpen(path, out var handle);
        if (error == Errno.ENOENT)
            return OpenImplied(path);
        return error == Errno.None ? handle! : throw FileAt.Failure("open directory", root, path, error);
    }

    /// <inheritdoc cref="Open"/>
    public Errno TryOpen(ReadOnlySpan<byte> path, out SafeFileHandle? handle)
    {
        handle = root;
        if (path.IsEmpty)
            return Errno.None;
        for (var i = 0; i < _slots.Length && _slots[i] is { } known; i++)
        {
            if (!path.SequenceEqual(known.Path))
                continue;
            MoveToFront(i);
            handle = known.Handle;
            return Errno.None;
        }

        var error = FileAt.TryOpen(root, path, OpenFlags.Directory, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0, out handle);
        if (error == Errno.None)
            Remember(path, handle!);
        return error;
    }

    /// <summary>Forgets all: a directory is about to be removed, so that a known path may come to mean another.</summary>
    public void Clear()
    {
        foreach (ref var slot in _slots.AsSpan())
        {
            slot?.Handle.Dispose();
            slot = null;
        }
    }

    public void Dispose() => Clear();

    /// <summary>Makes the directories that the archive implies without naming them, as docker does: 0755, owned by root.</summary>
    private SafeFileHandle OpenImplied(ReadOnlySpan<byte> path)
    {
        var slash = path.LastIndexOf((byte)'/');
        var parent = Open(slash < 0 ? default : path[..slash]);
        var name = path[(slash + 1)..];
        var error = FileAt.TryMakeDirectory(parent, name, ImpliedMode);

        if (error == Errno.EEXIST)
            throw new VitrineException(ErrorKind.Invalid,
                $"invalid layer: '{CString.Display(path)}' is used as a directory, but is a symbolic link that leads nowhere in this layer");
        if (error != Errno.None)
            throw FileAt.Failure("make directory", parent, name, error);
        FileAt.ChangeMode(parent, name, ImpliedMode);
        error = TryOpen(path, out var made);
        return error == Errno.None ? made! : throw FileAt.Failure("open directory", root, path, error);
    }

    private void Remember(ReadOnlySpan<byte> path, SafeFileHandle handle)
    {
        _slots[^1]?.Handle.Dispose();
        _slots[^1] = (path.ToArray(), handle);
        MoveToFront(_slots.Length - 1);
    }

    /// <summary>The handle used last is the last to be closed: callers may hold two at a time.</summary>
    private void MoveToFront(int index)
    {
        if (index == 0)
            return;
        var used = _slots[index];
        Array.Copy(_slots, 0, _slots, 1, index);
        _slots[0] = used;
    }
}

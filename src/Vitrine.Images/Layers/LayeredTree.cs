using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Images.Layers;

/// <summary>
/// The files of an image or a container as overlayfs would show them, read from its layer directories without mounting:
/// whiteouts hide, opaque directories end the search, symbolic links are resolved with the tree as root. Safe against whoever
/// writes to the upper layer meanwhile: no path is opened through a link the kernel would follow.
/// </summary>
/// <remarks>Layers made by overlayfs with redirect_dir or metacopy are not understood; Vitrine mounts without either.</remarks>
public sealed partial class LayeredTree : IDisposable
{
    // The kernel's own limit (MAXSYMLINKS).
    private const int MaxLinks = 40;

    private const OpenFlags Look = OpenFlags.PathOnly | OpenFlags.NoFollow;
    private const ResolveFlags Strict = ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoMagicLinks;

    // Top first, as overlayfs searches.
    private readonly SafeFileHandle[] _layers;

    /// <summary>Opens the layers.</summary>
    /// <param name="lowerDirectories">The image's layers, bottom first.</param>
    /// <param name="upperDirectory">The container's own layer, if there is one.</param>
    /// <exception cref="LinuxException">A directory is missing.</exception>
    public LayeredTree(IReadOnlyList<string> lowerDirectories, string? upperDirectory = null)
    {
        var paths = lowerDirectories.Reverse();
        _layers = [.. (upperDirectory is null ? paths : paths.Prepend(upperDirectory)).Select(FileAt.OpenDirectory)];
    }

    /// <summary>What is at a path; null if nothing is.</summary>
    /// <param name="path">From the root of the tree; a leading slash counts for nothing.</param>
    /// <param name="followLast">Whether a symbolic link at the end is followed too.</param>
    /// <exception cref="VitrineException">Invalid: the path goes through too many links.</exception>
    public FileStatus? Stat(string path, bool followLast = true) => Resolve(Encoding.UTF8.GetBytes(path), followLast)?.Status;

    /// <summary>Whether anything is at a path, links followed.</summary>
    public bool Exists(string path) => Stat(path) is not null;

    /// <summary>The content of a regular file, links followed; null if there is none at that path.</summary>
    /// <exception cref="VitrineException">Invalid: larger than <paramref name="maxBytes"/>.</exception>
    public byte[]? ReadFile(string path, int maxBytes)
    {
        if (Resolve(Encoding.UTF8.GetBytes(path), followLast: true) is not { Status.Kind: FileKind.Regular } node)
            return null;
        using var file = FileAt.Open(_layers[node.Layers[0]], node.OwnPath, OpenFlags.NoFollow | OpenFlags.NonBlocking, Strict);
        var status = FileAt.Status(file, default);
        if (status.Kind != FileKind.Regular)
            return null;
        // As large as the file says, not as it may be; one byte more tells a file that is too large.
        var content = new byte[(int)Math.Min(status.Size, (ulong)maxBytes) + 1];
        var length = 0;
        for (var read = 1; read > 0 && length < content.Length; length += read)
            read = FileOn.Read(file, content.AsSpan(length));
        return length <= maxBytes
            ? content[..length]
            : throw new VitrineException(ErrorKind.Invalid, $"'{path}' is larger than {maxBytes} bytes");
    }

    /// <summary>The names in a directory, links followed, in byte order; null if there is no directory at that path.</summary>
    public IReadOnlyList<byte[]>? List(string path) =>
        Resolve(Encoding.UTF8.GetBytes(path), followLast: true) is { Status.Kind: FileKind.Directory } node ? [.. Merge(node).Keys] : null;

    public void Dispose()
    {
        foreach (var layer in _layers)
            layer.Dispose();
    }

    /// <summary>A file of the tree: where in the layers it is.</summary>
    /// <param name="Path">Its real path from the root, without links; empty for the root.</param>
    /// <param name="Status">What it is, by the topmost layer that has it.</param>
    /// <param name="Layers">The layers that show it, topmost first; more than one for a merged directory.</param>
    private sealed record Node(byte[] Path, FileStatus Status, IReadOnlyList<int> Layers)
    {
        /// <summary>The path for a call on a layer's handle.</summary>
        public ReadOnlySpan<byte> OwnPath => Path.Length == 0 ? "."u8 : Path;
    }

    private Node Root => new([], FileAt.Status(_layers[0], default), [.. Enumerable.Range(0, _layers.Length)]);

    private Node? Resolve(ReadOnlySpan<byte> path, bool followLast)
    {
        // The parts still to walk, next one on top; each directory walked through, to come back by "..".
        var pending = new Stack<byte[]>();
        Push(pending, path);
        var walked = new Stack<Node>([Root]);
        for (var links = 0; pending.TryPop(out var name);)
        {
            if (name is [(byte)'.', (byte)'.'])
            {
                if (walked.Count > 1)
                    walked.Pop();
                continue;
            }

            if (Find(walked.Peek(), name) is not { } node)
                return null;
            if (node.Status.Kind != FileKind.Symlink || (pending.Count == 0 && !followLast))
            {
                walked.Push(node);
                continue;
            }

            if (++links > MaxLinks)
                throw new VitrineException(ErrorKind.Invalid, $"'{CString.Display(path)}': too many levels of symbolic links");
            var target = ReadLink(node);
            if (target is [(byte)'/', ..])
                walked = new Stack<Node>([Root]);
            Push(pending, target);
        }

        return walked.Peek();
    }

    private static void Push(Stack<byte[]> pending, ReadOnlySpan<byte> path)
    {
        while (!path.IsEmpty)
        {
            var slash = path.LastIndexOf((byte)'/');
            var part = path[(slash + 1)..];
            path = slash < 0 ? default : path[..slash];
            if (!part.IsEmpty && !part.SequenceEqual("."u8))
                pending.Push(part.ToArray());
        }
    }

    /// <summary>Looks a name up in the layers of a directory, top to bottom, as overlayfs does.</summary>
    private Node? Find(Node directory, ReadOnlySpan<byte> name)
    {
        if (directory.Status.Kind != FileKind.Directory)
            return null;
        byte[] path = directory.Path.Length == 0 ? name.ToArray() : [.. directory.Path, (byte)'/', .. name];
        var layers = new List<int>();
        FileStatus top = default;
        foreach (var layer in directory.Layers)
        {
            if (!TryLook(layer, path, out var status, out var isOpaque))
                continue;
            if (status.IsWhiteout || (layers.Count > 0 && status.Kind != FileKind.Directory))
                break;
            if (layers.Count == 0)
                top = status;
            layers.Add(layer);
            if (status.Kind != FileKind.Directory || isOpaque)
                break;
        }

        return layers.Count == 0 ? null : new Node(path, top, layers);
    }

    private bool TryLook(int layer, ReadOnlySpan<byte> path, out FileStatus status, out bool isOpaque)
    {
        status = default;
        isOpaque = false;
        var error = FileAt.TryOpen(_layers[layer], path, Look, Strict, 0, out var handle);
        if (error is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.ENAMETOOLONG)
            return false;
        if (error != Errno.None)
            throw FileAt.Failure("open", _layers[layer], path, error);
        using (handle)
        {
            status = FileAt.Status(handle!, default);
            isOpaque = status.Kind == FileKind.Directory &&
                Xattr.Get(handle!, "."u8, "trusted.overlay.opaque"u8) is [(byte)'y', ..];
            return true;
        }
    }

    private byte[] ReadLink(Node link)
    {
        using var handle = FileAt.Open(_layers[link.Layers[0]], link.OwnPath, Look, Strict);
        var error = FileAt.TryReadLink(handle, default, out var target);
        return error == Errno.None ? target : throw FileAt.Failure("readlink", handle, default, error);
    }

    /// <summary>The names of a directory with the layer that each is shown from; whiteouts and what they hide left out.</summary>
    private SortedDictionary<byte[], int> Merge(Node directory)
    {
        var names = new SortedDictionary<byte[], int>(ByteOrder.Instance);
        foreach (var layer in directory.Layers)
        {
            using var handle = FileAt.Open(_layers[layer], directory.OwnPath, OpenFlags.Directory | OpenFlags.NoFollow, Strict);
            using var entries = new DirectoryReader(handle);
            while (entries.MoveNext())
                names.TryAdd(entries.Name.ToArray(), layer);
        }

        foreach (var (name, _) in names.Where(found => Find(directory, found.Key) is null).ToList())
            names.Remove(name);
        return names;
    }

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static readonly ByteOrder Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}

using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Images.Layers;

/// <content>What overlayfs does before a file of a lower layer is changed or linked to.</content>
public sealed partial class LayeredTree
{
    /// <summary>Finds what is at a path, without following a link at its end; null if nothing is.</summary>
    internal TreeFile? Locate(ReadOnlySpan<byte> path) =>
        Resolve(path, followLast: false) is { } node ? new TreeFile(node.Path, node.Status, node.Layers[0] == 0) : null;

    /// <summary>
    /// Copies a file of a lower layer into the topmost, at the same path and with all that is known about it, and before it the
    /// directories that it is in, where the topmost layer has them not yet.
    /// </summary>
    /// <param name="file">No directory, and not of the topmost layer.</param>
    /// <returns>The paths that were made, outermost first, with what each had been below.</returns>
    /// <exception cref="LinuxException">ENOSPC; EPERM (device nodes need privilege).</exception>
    internal List<TreeFile> CopyUp(TreeFile file)
    {
        var made = new List<TreeFile>();
        for (var end = 0; file.Path.AsSpan(end) is var rest && rest.IndexOf((byte)'/') is var length and >= 0; end += length + 1)
        {
            var directory = file.Path[..(end + length)];
            if (!TryLook(0, directory, out _, out _))
                made.Add(CopyUpDirectory(directory));
        }

        var node = Resolve(file.Path, followLast: false)!;
        using var source = OpenParent(node.Layers[0], file.Path);
        using var target = OpenParent(0, file.Path);
        var name = file.Path.AsSpan(file.Path.AsSpan().LastIndexOf((byte)'/') + 1);
        new FileCopier(_layers[0]).Copy(source, name, node.Status, target, name, file.Path);
        made.Add(file);
        return made;
    }

    private TreeFile CopyUpDirectory(byte[] path)
    {
        var node = Resolve(path, followLast: false)!;
        if (FileAt.TryMakeDirectory(_layers[0], path, 0b111_000_000) is var error and not Errno.None)
            throw FileAt.Failure("mkdir", _layers[0], path, error);
        using var source = FileAt.Open(_layers[node.Layers[0]], path, OpenFlags.Directory | OpenFlags.NoFollow, Strict);
        using var target = FileAt.Open(_layers[0], path, OpenFlags.Directory | OpenFlags.NoFollow, Strict);
        FileCopier.CopyAttributes(source, "."u8, node.Status, target, "."u8);
        return new TreeFile(path, node.Status, IsOnTop: true);
    }

    private SafeFileHandle OpenParent(int layer, ReadOnlySpan<byte> path)
    {
        var length = path.LastIndexOf((byte)'/');
        return FileAt.Open(_layers[layer], length < 0 ? "."u8 : path[..length], OpenFlags.Directory | OpenFlags.NoFollow, Strict);
    }
}

/// <summary>A file of a tree of layers.</summary>
/// <param name="Path">Its real path from the root, without links.</param>
/// <param name="Status">What it is.</param>
/// <param name="IsOnTop">Whether the topmost layer has it.</param>
internal sealed record TreeFile(byte[] Path, FileStatus Status, bool IsOnTop);

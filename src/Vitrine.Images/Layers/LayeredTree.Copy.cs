using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Images.Layers;

public sealed partial class LayeredTree
{
    /// <summary>
    /// Copies what a directory of the tree holds into a directory of the host, which must exist and have none of the names,
    /// and gives it the owner, mode, times and attributes of that directory: how a new volume gets what the image has at its
    /// place.
    /// </summary>
    /// <param name="path">A directory of the tree, links followed.</param>
    /// <param name="hostDirectory">Where to.</param>
    /// <returns>False, with nothing done, if no directory is at <paramref name="path"/>.</returns>
    /// <exception cref="LinuxException">Something could not be copied; what was until then stays.</exception>
    public bool CopyTo(string path, string hostDirectory)
    {
        if (Resolve(Encoding.UTF8.GetBytes(path), followLast: true) is not { Status.Kind: FileKind.Directory } node)
            return false;
        using var target = FileAt.OpenDirectory(hostDirectory);
        CopyDirectory(new FileCopier(target), node, target, default, 0);
        return true;
    }

    private void CopyDirectory(FileCopier copier, Node directory, SafeFileHandle target, ReadOnlySpan<byte> targetPath, int depth)
    {
        using var top = FileAt.Open(_layers[directory.Layers[0]], directory.OwnPath, OpenFlags.Directory | OpenFlags.NoFollow, Strict);
        if (depth > FileTree.MaxCopyDepth)
            throw FileAt.Failure("copy", top, default, Errno.ELOOP);
        foreach (var name in Merge(directory).Keys)
        {
            if (Find(directory, name) is { } node)
                CopyNode(copier, node, name, target, targetPath.IsEmpty ? name : [.. targetPath, (byte)'/', .. name], depth);
        }

        FileCopier.CopyAttributes(top, "."u8, directory.Status, target, "."u8);
    }

    private void CopyNode(FileCopier copier, Node node, byte[] name, SafeFileHandle target, byte[] targetPath, int depth)
    {
        if (node.Status.Kind == FileKind.Directory)
        {
            if (FileAt.TryMakeDirectory(target, name, 0b111_000_000) is var error and not Errno.None)
                throw FileAt.Failure("mkdir", target, name, error);
            using var made = FileAt.Open(target, name, OpenFlags.Directory | OpenFlags.NoFollow, Strict);
            CopyDirectory(copier, node, made, targetPath, depth + 1);
            return;
        }

        using var parent = OpenParent(node.Layers[0], node.Path);
        copier.Copy(parent, name, node.Status, target, name, targetPath);
    }
}

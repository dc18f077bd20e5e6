using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

public static partial class FileTree
{
    /// <summary>How deep a tree may be nested to be copied: each level keeps two handles open.</summary>
    public const int MaxCopyDepth = 400;

    /// <summary>
    /// Copies the content of one directory into another that exists and has none of the names, and gives it the source's owner,
    /// mode, times and attributes. Links are copied as links; other mounts below the source are left out as empty directories.
    /// </summary>
    /// <exception cref="LinuxException">Something cannot be read or made; what was copied until then stays.</exception>
    public static void Copy(string source, string destination)
    {
        using var from = FileAt.OpenDirectory(source);
        using var to = FileAt.OpenDirectory(destination);
        CopyDirectory(new FileCopier(to), from, to, default, 0);
    }

    /// <inheritdoc cref="Copy(string, string)"/>
    public static void Copy(SafeFileHandle source, SafeFileHandle destination) => CopyDirectory(new FileCopier(destination), source, destination, default, 0);

    private static void CopyDirectory(FileCopier copier, SafeFileHandle source, SafeFileHandle target, ReadOnlySpan<byte> path, int depth)
    {
        if (depth > MaxCopyDepth)
            throw FileAt.Failure("copy", source, default, Errno.ELOOP);
        using (var entries = new DirectoryReader(source))
        {
            while (entries.MoveNext())
                CopyEntry(copier, source, entries.Name, target, path, depth);
        }

        FileCopier.CopyAttributes(source, "."u8, FileAt.Status(source, default), target, "."u8);
    }

    private static void CopyEntry(FileCopier copier, SafeFileHandle source, ReadOnlySpan<byte> name, SafeFileHandle target,
        ReadOnlySpan<byte> parentPath, int depth)
    {
        byte[] path = parentPath.IsEmpty ? name.ToArray() : [.. parentPath, (byte)'/', .. name];
        var status = FileAt.Status(source, name);
        if (status.Kind != FileKind.Directory)
        {
            copier.Copy(source, name, status, target, name, path);
            return;
        }

        if (FileAt.TryMakeDirectory(target, name, 0b111_000_000) is var error and not Errno.None)
            throw FileAt.Failure("mkdir", target, name, error);
        error = FileAt.TryOpen(source, name, ForWalk, SameMount, 0, out var from);
        if (error == Errno.EXDEV)
            return;
        if (error != Errno.None)
            throw FileAt.Failure("open directory", source, name, error);
        using (from)
        {
            using var to = FileAt.Open(target, name, ForWalk, SameMount);
            CopyDirectory(copier, from!, to, path, depth + 1);
        }
    }
}

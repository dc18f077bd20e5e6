using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>
/// Copies files of any kind into one tree with everything that is known about them: owner, mode, times, extended attributes,
/// holes, and hard links among them. Content is shared where the file system can (reflink).
/// </summary>
/// <param name="destination">The top of the tree that is made; stays the caller's.</param>
public sealed partial class FileCopier(SafeFileHandle destination)
{
    private readonly Dictionary<(DeviceNumber Device, ulong Inode), byte[]> _linked = [];

    /// <summary>Copies what is no directory to a name that is free.</summary>
    /// <param name="sourceParent">The directory that holds the source.</param>
    /// <param name="name">The name of the source there.</param>
    /// <param name="status">What it is.</param>
    /// <param name="targetParent">The directory to copy into, somewhere in the destination tree.</param>
    /// <param name="targetName">The new name there.</param>
    /// <param name="targetPath">The new path from the top of the destination tree.</param>
    /// <exception cref="LinuxException">EEXIST, ENOSPC, EPERM (device nodes need privilege).</exception>
    public void Copy(SafeFileHandle sourceParent, ReadOnlySpan<byte> name, FileStatus status,
        SafeFileHandle targetParent, ReadOnlySpan<byte> targetName, ReadOnlySpan<byte> targetPath)
    {
        var key = (status.Device, status.Inode);
        if (status.LinkCount > 1 && _linked.TryGetValue(key, out var first))
        {
            ThrowOn(FileAt.TryLink(destination, first, targetParent, targetName), "link", targetParent, targetName);
            return;
        }

        switch (status.Kind)
        {
            case FileKind.Regular:
                CopyRegular(sourceParent, name, status, targetParent, targetName);
                break;
            case FileKind.Symlink:
                ThrowOn(FileAt.TryReadLink(sourceParent, name, out var target), "readlink", sourceParent, name);
                ThrowOn(FileAt.TryMakeSymlink(target, targetParent, targetName), "symlink", targetParent, targetName);
                break;
            default:
                ThrowOn(FileAt.TryMakeNode(targetParent, targetName, status.Kind, 0, status.Represents), "mknod", targetParent, targetName);
                break;
        }

        CopyAttributes(sourceParent, name, status, targetParent, targetName);
        if (status.LinkCount > 1)
            _linked.Add(key, targetPath.ToArray());
    }

    /// <summary>Gives a copy the owner, mode, extended attributes and times of its source; for a directory, after its content.</summary>
    /// <param name="sourceParent">The directory that holds the source, or the source itself with an empty name.</param>
    /// <param name="name">The name of the source.</param>
    /// <param name="status">What it is.</param>
    /// <param name="targetParent">The directory that holds the copy.</param>
    /// <param name="targetName">The name of the copy.</param>
    public static void CopyAttributes(SafeFileHandle sourceParent, ReadOnlySpan<byte> name, FileStatus status,
        SafeFileHandle targetParent, ReadOnlySpan<byte> targetName)
    {
        // This order: a change of owner clears setuid bits and file capabilities.
        FileAt.ChangeOwner(targetParent, targetName, status.Uid, status.Gid);
        if (status.Kind != FileKind.Symlink)
            FileAt.ChangeMode(targetParent, targetName, status.Permissions);
        CopyXattrs(sourceParent, name, targetParent, targetName);
        FileAt.SetTimes(targetParent, targetName, status.Accessed, status.Modified);
    }

    private static void CopyXattrs(SafeFileHandle sourceParent, ReadOnlySpan<byte> name,
        SafeFileHandle targetParent, ReadOnlySpan<byte> targetName)
    {
        ReadOnlySpan<byte> names = Xattr.List(sourceParent, name);
        foreach (var range in names.Split((byte)0))
        {
            var attribute = names[range];

            // What overlayfs keeps on its layers means nothing in a copy, and could mislead another overlay.
            if (attribute.IsEmpty || attribute.StartsWith("trusted.overlay."u8) || attribute.StartsWith("user.overlay."u8))
                continue;
            if (Xattr.Get(sourceParent, name, attribute) is not { } value)
                continue;
            var error = Xattr.TrySet(targetParent, targetName, attribute, value);
            if (error is not (Errno.None or Errno.EOPNOTSUPP) || (error != Errno.None && attribute.SequenceEqual("security.capability"u8)))
                throw FileAt.Failure($"setxattr {CString.Display(attribute)} on", targetParent, targetName, error);
        }
    }

    private static void CopyRegular(SafeFileHandle sourceParent, ReadOnlySpan<byte> name, FileStatus status,
        SafeFileHandle targetParent, ReadOnlySpan<byte> targetName)
    {
        using var source = FileAt.Open(sourceParent, name, OpenFlags.NoFollow | OpenFlags.NonBlocking, ResolveFlags.NoSymlinks);
        using var target = FileAt.Open(targetParent, targetName,
            OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, ResolveFlags.NoSymlinks, 0b110_000_000);
        if (Clone(target, FiClone, source) != 0)
            CopyPieces(source, target, (long)status.Size);
    }

    /// <summary>Copies the pieces between holes, and leaves the holes.</summary>
    private static void CopyPieces(SafeFileHandle source, SafeFileHandle target, long size)
    {
        const int SeekData = 3, SeekHole = 4;
        for (long position = 0; position < size;)
        {
            var start = Seek(source, position, SeekData);

            // ENXIO: only a hole is left. EINVAL: the file system knows no holes.
            if (start == -1 && Check.LastErrno == Errno.ENXIO)
                break;
            start = start == -1 ? position : start;
            var end = Seek(source, start, SeekHole);
            end = end <= start ? size : Math.Min(end, size);
            CopyRange(source, target, start, end);
            position = end;
        }

        FileOn.SetLength(target, size);
    }

    private static unsafe void CopyRange(SafeFileHandle source, SafeFileHandle target, long start, long end)
    {
        long from = start, to = start;
        while (from < end)
        {
            var copied = CopyFileRange(source, &from, target, &to, (nint)(end - from), 0);

            // The file became shorter while it was copied.
            if (copied == 0)
                return;
            if (copied != -1 || Check.LastErrno == Errno.EINTR)
                continue;
            if (Check.LastErrno is not (Errno.EXDEV or Errno.EINVAL or Errno.EOPNOTSUPP or Errno.ENOSYS or Errno.EPERM))
                throw FileOn.Failure("copy_file_range to", target);
            CopyThroughMemory(source, target, from, end);
            return;
        }
    }

    private static void CopyThroughMemory(SafeFileHandle source, SafeFileHandle target, long start, long end)
    {
        var buffer = new byte[(int)Math.Min(end - start, 256 * 1024)];
        FileOn.Seek(source, start);
        FileOn.Seek(target, start);
        while (start < end)
        {
            var read = FileOn.Read(source, buffer.AsSpan(0, (int)Math.Min(end - start, buffer.Length)));
            if (read == 0)
                return;
            FileOn.Write(target, buffer.AsSpan(0, read));
            start += read;
        }
    }

    private static void ThrowOn(Errno error, string operation, SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        if (error != Errno.None)
            throw FileAt.Failure(operation, directory, name, error);
    }

    // FICLONE of linux/fs.h, _IOW(0x94, 9, int).
    private const nuint FiClone = 0x40049409;

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Clone(SafeFileHandle target, nuint request, SafeFileHandle source);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle file, long offset, int origin);

    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    private static unsafe partial nint CopyFileRange(SafeFileHandle from, long* fromOffset, SafeFileHandle to, long* toOffset, nint length, uint flags);
}

using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>
/// File calls relative to a directory handle. Paths are bytes, as the kernel's are; none of these follows a symbolic link
/// in the last component. The Try forms return the error number where failure is an ordinary answer.
/// </summary>
[SkipLocalsInit]
public static unsafe partial class FileAt
{
    private const int MaxOpenAttempts = 100;

    /// <summary>Opens a directory by an absolute or working-directory path, links followed.</summary>
    /// <exception cref="LinuxException">It does not exist or is no directory.</exception>
    public static SafeFileHandle OpenDirectory(string path)
    {
        var name = stackalloc byte[CString.PathMax];
        var error = CString.Terminate(Encoding.UTF8.GetBytes(path), name);
        if (error != Errno.None)
            throw new LinuxException("open directory", path, error);
        var fd = OpenAt(AtCurrentDirectory, name, OpenFlags.Directory.ToKernel(), 0);
        return new SafeFileHandle(Check.Result(fd, "open directory", path), ownsHandle: true);
    }

    /// <summary>Opens <paramref name="path"/> below <paramref name="directory"/> by openat2(2) (Linux 5.6).</summary>
    /// <param name="directory">Where the path starts.</param>
    /// <param name="path">The path.</param>
    /// <param name="flags">O_CLOEXEC is always added.</param>
    /// <param name="resolve">What the path may pass through.</param>
    /// <param name="mode">Permission bits of a file that is created, less the umask.</param>
    /// <exception cref="LinuxException">With the path and the error.</exception>
    public static SafeFileHandle Open(SafeFileHandle directory, ReadOnlySpan<byte> path, OpenFlags flags,
        ResolveFlags resolve = ResolveFlags.None, uint mode = 0)
    {
        var error = TryOpen(directory, path, flags, resolve, mode, out var handle);
        return error == Errno.None ? handle! : throw Failure("open", directory, path, error);
    }

    /// <inheritdoc cref="Open"/>
    public static Errno TryOpen(SafeFileHandle directory, ReadOnlySpan<byte> path, OpenFlags flags,
        ResolveFlags resolve, uint mode, out SafeFileHandle? handle)
    {
        handle = null;
        var name = stackalloc byte[CString.PathMax];
        if (CString.Terminate(path, name) is var bad and not Errno.None)
            return bad;
        var how = new OpenHow { flags = (ulong)flags.ToKernel(), mode = mode, resolve = (ulong)resolve };
        for (var attempt = 0; ; attempt++)
        {
            var fd = OpenAt2(SysOpenat2, directory, name, &how, sizeof(OpenHow));
            if (fd != -1)
            {
                handle = new SafeFileHandle(fd, ownsHandle: true);
                return Errno.None;
            }

            // EAGAIN: a rename elsewhere raced with "..", which the kernel asks to try again (openat2(2)).
            if (Check.LastErrno is not (Errno.EINTR or Errno.EAGAIN) || attempt == MaxOpenAttempts)
                return Check.LastErrno;
        }
    }

    /// <summary>What <paramref name="path"/> is; an empty path asks about <paramref name="directory"/> itself.</summary>
    public static FileStatus Status(SafeFileHandle directory, ReadOnlySpan<byte> path)
    {
        var error = TryStatus(directory, path, out var status);
        return error == Errno.None ? status : throw Failure("stat", directory, path, error);
    }

    /// <inheritdoc cref="Status"/>
    public static Errno TryStatus(SafeFileHandle directory, ReadOnlySpan<byte> path, out FileStatus status)
    {
        status = default;
        var name = stackalloc byte[CString.PathMax];
        if (CString.Terminate(path, name) is var bad and not Errno.None)
            return bad;
        Statx result;
        if (StatxAt(directory, name, AtSymlinkNoFollow | AtEmptyPath, StatxBasic, &result) == -1)
            return Check.LastErrno;
        status = result.ToStatus();
        return Errno.None;
    }

    /// <summary>Removes a name that is no directory.</summary>
    public static Errno TryUnlink(SafeFileHandle directory, ReadOnlySpan<byte> path) => TryUnlink(directory, path, 0);

    /// <summary>Removes an empty directory.</summary>
    public static Errno TryRemoveDirectory(SafeFileHandle directory, ReadOnlySpan<byte> path) =>
        TryUnlink(directory, path, AtRemoveDirectory);

    /// <summary>Renames, replacing what has the new name as rename(2) does.</summary>
    public static Errno TryRename(SafeFileHandle from, ReadOnlySpan<byte> oldPath, SafeFileHandle to, ReadOnlySpan<byte> newPath,
        RenameFlags flags = RenameFlags.None)
    {
        var oldName = stackalloc byte[CString.PathMax];
        var newName = stackalloc byte[CString.PathMax];
        if (CString.Terminate(oldPath, oldName) is var badOld and not Errno.None)
            return badOld;
        if (CString.Terminate(newPath, newName) is var badNew and not Errno.None)
            return badNew;
        return RenameAt2(from, oldName, to, newName, (uint)flags) == 0 ? Errno.None : Check.LastErrno;
    }

    private static Errno TryUnlink(SafeFileHandle directory, ReadOnlySpan<byte> path, int flags)
    {
        var name = stackalloc byte[CString.PathMax];
        if (CString.Terminate(path, name) is var bad and not Errno.None)
            return bad;
        return UnlinkAt(directory, name, flags) == 0 ? Errno.None : Check.LastErrno;
    }

    /// <summary>Puts the next reading of a directory back to its start.</summary>
    internal static void Rewind(SafeFileHandle directory) => Check.Result(Seek(directory, 0, 0), "lseek");

    /// <summary>An error that names the whole path, as far as /proc tells where the directory is.</summary>
    public static LinuxException Failure(string operation, SafeFileHandle directory, ReadOnlySpan<byte> path, Errno error)
    {
        var parent = File.ResolveLinkTarget($"/proc/self/fd/{directory.DangerousGetHandle()}", returnFinalTarget: false);
        var name = CString.Display(path);
        return new LinuxException(operation, parent is null ? name : Path.Combine(parent.FullName, name), error);
    }
}

/// <summary>Flags of renameat2(2).</summary>
[Flags]
public enum RenameFlags : uint
{
    None = 0,

    /// <summary>EEXIST instead of replacing.</summary>
    NoReplace = 1,

    /// <summary>Both names swap, atomically.</summary>
    Exchange = 2,
}

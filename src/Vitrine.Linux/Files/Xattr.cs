using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>Extended attributes (xattr(7)) of open files, and of names that cannot be opened: links, devices, fifos.</summary>
[SkipLocalsInit]
public static unsafe partial class Xattr
{
    /// <summary>The kernel's XATTR_SIZE_MAX: the longest value, in bytes; also of a list of names (XATTR_LIST_MAX).</summary>
    public const int MaxSize = 65536;

    private const int NameMax = 256;

    /// <summary>Sets an attribute of an open file or directory (not of one opened with O_PATH).</summary>
    public static Errno TrySet(SafeFileHandle file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var attribute = stackalloc byte[NameMax];
        if (!Terminate(name, attribute))
            return Errno.ERANGE;
        fixed (byte* data = value)
        {
            return FSetXattr(file, attribute, data, value.Length, 0) == 0 ? Errno.None : Check.LastErrno;
        }
    }

    /// <summary>Sets an attribute of the entry <paramref name="path"/> of a directory; of a link, the link's own.</summary>
    public static Errno TrySet(SafeFileHandle directory, ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var attribute = stackalloc byte[NameMax];
        var whole = stackalloc byte[CString.PathMax];
        if (!Terminate(name, attribute))
            return Errno.ERANGE;
        if (ThroughProc(directory, path, whole) is var bad and not Errno.None)
            return bad;
        fixed (byte* data = value)
        {
            return LSetXattr(whole, attribute, data, value.Length, 0) == 0 ? Errno.None : Check.LastErrno;
        }
    }

    /// <summary>The value of an attribute of an entry, or null when it has none (or the file system knows none).</summary>
    /// <exception cref="LinuxException">Any other failure.</exception>
    public static byte[]? Get(SafeFileHandle directory, ReadOnlySpan<byte> path, ReadOnlySpan<byte> name)
    {
        var attribute = stackalloc byte[NameMax];
        var whole = stackalloc byte[CString.PathMax];
        var error = Terminate(name, attribute) ? ThroughProc(directory, path, whole) : Errno.ERANGE;
        if (error == Errno.None)
        {
            var size = LGetXattr(whole, attribute, null, 0);
            var value = new byte[Math.Max(size, 0)];
            fixed (byte* data = value)
            {
                if (size > 0)
                    size = LGetXattr(whole, attribute, data, value.Length);
            }

            if (size >= 0)
                return value[..(int)size];
            error = Check.LastErrno;
        }

        return error is Errno.ENODATA or Errno.EOPNOTSUPP ? null
            : throw FileAt.Failure($"getxattr {CString.Display(name)}", directory, path, error);
    }

    /// <summary>The names of an entry's attributes, each ended by NUL; empty where the file system knows none.</summary>
    public static byte[] List(SafeFileHandle directory, ReadOnlySpan<byte> path)
    {
        var whole = stackalloc byte[CString.PathMax];
        var error = ThroughProc(directory, path, whole);
        if (error == Errno.None)
        {
            var size = LListXattr(whole, null, 0);
            var names = new byte[Math.Max(size, 0)];
            fixed (byte* data = names)
            {
                if (size > 0)
                    size = LListXattr(whole, data, names.Length);
            }

            if (size >= 0)
                return names[..(int)size];
            error = Check.LastErrno;
        }

        return error == Errno.EOPNOTSUPP ? [] : throw FileAt.Failure("listxattr", directory, path, error);
    }

    private static bool Terminate(ReadOnlySpan<byte> name, byte* buffer)
    {
        if (name.Length >= NameMax || name.Contains((byte)0))
            return false;
        name.CopyTo(new Span<byte>(buffer, NameMax));
        buffer[name.Length] = 0;
        return true;
    }

    /// <summary>
    /// The xattr calls take no directory handle before Linux 6.13: the handle's magic link in /proc is the directory itself,
    /// and the l-forms do not follow the name below it.
    /// </summary>
    private static Errno ThroughProc(SafeFileHandle directory, ReadOnlySpan<byte> path, byte* buffer)
    {
        var prefix = Encoding.ASCII.GetBytes($"/proc/self/fd/{directory.DangerousGetHandle()}/", new Span<byte>(buffer, CString.PathMax));
        if (path.Length >= CString.PathMax - prefix)
            return Errno.ENAMETOOLONG;
        if (path.Contains((byte)0))
            return Errno.EINVAL;
        path.CopyTo(new Span<byte>(buffer + prefix, CString.PathMax - prefix));
        buffer[prefix + path.Length] = 0;
        return Errno.None;
    }

    [LibraryImport("libc", EntryPoint = "fsetxattr", SetLastError = true)]
    private static partial int FSetXattr(SafeFileHandle file, byte* name, byte* value, nint size, int flags);

    [LibraryImport("libc", EntryPoint = "lsetxattr", SetLastError = true)]
    private static partial int LSetXattr(byte* path, byte* name, byte* value, nint size, int flags);

    [LibraryImport("libc", EntryPoint = "lgetxattr", SetLastError = true)]
    private static partial nint LGetXattr(byte* path, byte* name, byte* value, nint size);

    [LibraryImport("libc", EntryPoint = "llistxattr", SetLastError = true)]
    private static partial nint LListXattr(byte* path, byte* list, nint size);
}

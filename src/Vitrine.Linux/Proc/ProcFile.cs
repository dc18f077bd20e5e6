using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux.Proc;

/// <summary>
/// Reads the kernel's text files (/proc, cgroupfs): whole, bounded, with the exact errno. The one file of this area that
/// makes system calls; parsers get spans.
/// </summary>
internal static unsafe partial class ProcFile
{
    /// <summary>No file of /proc that is read here is longer; what is, is cut (an environment may reach 6 MiB).</summary>
    internal const int Limit = 8 << 20;

    private const int FirstRead = 4096;
    private const int O_CLOEXEC = 0x80000;

    /// <summary>Reads a whole file. A process that went away (ENOENT, ESRCH) gives content that says so; all else throws.</summary>
    /// <exception cref="LinuxException">The file is there but cannot be read.</exception>
    public static ProcContent Read(string path)
    {
        using var file = Open(path);
        if (file is null)
            return ProcContent.Missing;
        var buffer = ArrayPool<byte>.Shared.Rent(FirstRead);
        var length = 0;
        try
        {
            while (true)
            {
                var got = ReadOnce(file, buffer.AsSpan(length), path);
                if (got < 0)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    return ProcContent.Missing;
                }

                length += got;
                if (got == 0 || length >= Limit)
                    return new ProcContent(buffer, length);
                if (length == buffer.Length)
                    buffer = Grow(buffer, length);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <summary>The target of a symbolic link, or null when the process went away.</summary>
    /// <exception cref="LinuxException">The link is there but cannot be read (EACCES for another user's process).</exception>
    public static string? ReadLink(string path)
    {
        var target = TryReadLink(path, out var errno);
        return target is not null || IsGone(errno) ? target : throw new LinuxException("readlink", path, errno);
    }

    /// <summary>The target of a symbolic link, or null and why.</summary>
    public static string? TryReadLink(string path, out Errno errno)
    {
        Span<byte> target = stackalloc byte[4096];
        nint length;
        fixed (byte* start = target)
        {
            length = ReadLinkRaw(path, start, (nuint)target.Length);
        }

        errno = length < 0 ? Check.LastErrno : Errno.None;
        return length < 0 ? null : Encoding.UTF8.GetString(target[..(int)length]);
    }

    /// <summary>Names in a directory that are decimal numbers (pids, fds), in ascending order; null when the directory went away.</summary>
    /// <exception cref="LinuxException">The directory cannot be read.</exception>
    public static List<int>? ReadNumericNames(string path, int limit = int.MaxValue)
    {
        using var directory = Open(path);
        if (directory is null)
            return null;
        var names = new List<int>(64);
        var buffer = ArrayPool<byte>.Shared.Rent(32 << 10);
        try
        {
            int length;
            while (names.Count < limit && (length = DirectoryEntries(directory, buffer, path)) > 0)
                AddNumericNames(buffer.AsSpan(0, length), names, limit);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        names.Sort();
        return names;
    }

    private static bool IsGone(Errno errno) => errno is Errno.ENOENT or Errno.ESRCH or Errno.ENOTDIR;

    private static SafeFileHandle? Open(string path)
    {
        var file = OpenRaw(path, O_CLOEXEC);
        if (!file.IsInvalid)
            return file;
        var errno = Check.LastErrno;
        file.Dispose();
        return IsGone(errno) ? null : throw new LinuxException("open", path, errno);
    }

    private static int ReadOnce(SafeFileHandle file, Span<byte> buffer, string path)
    {
        while (true)
        {
            nint got;
            fixed (byte* start = buffer)
            {
                got = ReadRaw(file, start, (nuint)buffer.Length);
            }

            if (got >= 0)
                return (int)got;
            var errno = Check.LastErrno;
            if (errno == Errno.EINTR)
                continue;
            return IsGone(errno) ? -1 : throw new LinuxException("read", path, errno);
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static int DirectoryEntries(SafeFileHandle directory, byte[] buffer, string path)
    {
        nint length;
        fixed (byte* start = buffer)
        {
            length = GetDents(directory, start, (nuint)buffer.Length);
        }

        // A process that dies while its fd directory is read gives ENOENT: an end like any other.
        if (length == -1 && IsGone(Check.LastErrno))
            return 0;
        return (int)Check.Result(length, "getdents64", path);
    }

    /// <summary>Walks struct linux_dirent64 (getdents64(2)): u64 inode, s64 offset, u16 record length, u8 type, name, NUL.</summary>
    private static void AddNumericNames(ReadOnlySpan<byte> entries, List<int> names, int limit)
    {
        const int lengthOffset = 16, nameOffset = 19;
        while (entries.Length > nameOffset && names.Count < limit)
        {
            var recordLength = MemoryMarshal.Read<ushort>(entries[lengthOffset..]);
            var name = entries[nameOffset..recordLength];
            name = name[..name.IndexOf((byte)0)];
            if (Utf8Text.TryInt32(name, out var number) && name[0] is >= (byte)'0' and <= (byte)'9')
                names.Add(number);
            entries = entries[recordLength..];
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenRaw(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadRaw(SafeFileHandle file, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLinkRaw(string path, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint GetDents(SafeFileHandle directory, byte* buffer, nuint count);
}

/// <summary>What <see cref="ProcFile.Read"/> read, in a pooled buffer until disposed.</summary>
internal readonly ref struct ProcContent(byte[] buffer, int length)
{
    private readonly byte[]? buffer = buffer;

    /// <summary>The content of a file whose process went away.</summary>
    public static ProcContent Missing => default;

    public bool IsMissing => buffer is null;

    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, length);

    public void Dispose()
    {
        if (buffer is not null)
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
    }
}

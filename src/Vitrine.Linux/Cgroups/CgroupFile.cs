using System.Runtime.InteropServices;
using System.Text;

namespace Vitrine.Linux;

/// <summary>The control files of a cgroup: small texts, written by one write(2) each as the kernel wants it.</summary>
internal static unsafe partial class CgroupFile
{
    private const int WriteOnly = 1;
    private const int CloseOnExec = 0x80000;
    private const int CurrentDirectory = -100;
    private const uint StatxLinks = 4;

    /// <summary>Writes a value.</summary>
    /// <returns>None, or what the kernel answered.</returns>
    public static Errno TryWrite(string path, string value)
    {
        Span<byte> stack = stackalloc byte[256];
        var bytes = Encoding.UTF8.GetByteCount(value) <= stack.Length ? stack : new byte[Encoding.UTF8.GetByteCount(value)];
        bytes = bytes[..Encoding.UTF8.GetBytes(value, bytes)];
        var file = Open(path, WriteOnly | CloseOnExec);
        if (file == -1)
            return Check.LastErrno;
        fixed (byte* start = bytes)
        {
            nint written;
            do
            {
                written = WriteCall(file, start, bytes.Length);
            }
            while (written == -1 && Check.LastErrno == Errno.EINTR);
            var error = written == -1 ? Check.LastErrno : Errno.None;
            _ = Close(file);
            return error;
        }
    }

    /// <inheritdoc cref="TryWrite"/>
    /// <exception cref="LinuxException">The kernel refused the value.</exception>
    public static void Write(string path, string value)
    {
        var error = TryWrite(path, value);
        if (error != Errno.None)
            throw new LinuxException($"write '{value}' to", path, error);
    }

    /// <summary>The content without the final newline, or null where there is no such file.</summary>
    /// <exception cref="LinuxException">It cannot be read.</exception>
    public static string? TryRead(string path)
    {
        var file = Open(path, CloseOnExec);

        // ENODEV: the cgroup is being removed; systemd does that on its own when a scope's last process has gone.
        if (file == -1)
            return Check.LastErrno is Errno.ENOENT or Errno.ENOTDIR or Errno.ENODEV ? null : throw new LinuxException("open", path, Check.LastErrno);
        var content = new byte[512];
        var length = 0;
        try
        {
            while (ReadInto(file, content.AsSpan(length)) is var count and not 0)
            {
                // ENODEV: the cgroup was removed while its file was open.
                if (count < 0)
                    return Check.LastErrno == Errno.ENODEV ? null : throw new LinuxException("read", path, Check.LastErrno);
                length += count;
                if (length == content.Length)
                    Array.Resize(ref content, 2 * content.Length);
            }
        }
        finally
        {
            _ = Close(file);
        }

        return Encoding.UTF8.GetString(content, 0, length).TrimEnd('\n');
    }

    /// <summary>The directories in a cgroup's directory; none where it does not exist.</summary>
    public static string[] Children(string directory)
    {
        // Kernfs counts a directory's subdirectories in its links, beside "." and its name: mostly there is nothing to list.
        Statx status;
        if (StatxCall(CurrentDirectory, directory, 0, StatxLinks, &status) == 0 && status.stx_nlink == 2)
            return [];
        try
        {
            return Directory.GetDirectories(directory);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static int ReadInto(int file, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            do
            {
                count = ReadCall(file, start, buffer.Length);
            }
            while (count == -1 && Check.LastErrno == Errno.EINTR);
            return (int)count;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxCall(int directory, string path, int flags, uint mask, Statx* result);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteCall(int file, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadCall(int file, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}

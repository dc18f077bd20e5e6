using System.Runtime.InteropServices;
using System.Text;

namespace Vitrine.Linux;

/// <summary>The control files of a cgroup: small texts, written by one write(2) each as the kernel wants it.</summary>
internal static unsafe partial class CgroupFile
{
    private const int WriteOnly = 1;
    private const int CloseOnExec = 0x80000;

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
    public static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\n');
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (IOException e) when ((Errno)e.HResult == Errno.ENODEV)
        {
            return null; // The cgroup was removed while its file was open.
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteCall(int file, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}

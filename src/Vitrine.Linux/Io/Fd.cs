using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>Plain reads and writes on any file descriptor: pipes, terminals, sockets, which .NET's FileStream would buffer or seek.</summary>
public static partial class Fd
{
    private const int SetDescriptorFlags = 2;
    private const int GetFlags = 3;
    private const int SetFlags = 4;
    private const int DuplicateCloseOnExec = 1030;
    private const int NonBlock = 0x800;

    /// <summary>This process's stdin, without owning it.</summary>
    public static SafeFileHandle StandardInput { get; } = new(0, ownsHandle: false);

    /// <summary>This process's stdout, without owning it.</summary>
    public static SafeFileHandle StandardOutput { get; } = new(1, ownsHandle: false);

    /// <summary>This process's stderr, without owning it.</summary>
    public static SafeFileHandle StandardError { get; } = new(2, ownsHandle: false);

    /// <summary>Opens a file by its path, close-on-exec, without the lock and the questions of .NET's own open.</summary>
    /// <param name="path">The path, resolved as the kernel does: not for paths inside a container's root.</param>
    /// <param name="flags">How to open it.</param>
    /// <param name="mode">The mode of a file that is created.</param>
    /// <exception cref="LinuxException">It cannot be opened.</exception>
    public static SafeFileHandle Open(string path, OpenFlags flags, uint mode = 0x180)
    {
        var file = new SafeFileHandle(OpenCall(path, flags.ToKernel(), mode), ownsHandle: true);
        return file.IsInvalid ? throw new LinuxException("open", path, Check.LastErrno) : file;
    }

    /// <summary>As the other, for what may well not be there: an exception takes longer than all else of a start.</summary>
    /// <returns>None, or why it cannot be opened.</returns>
    public static Errno TryOpen(string path, OpenFlags flags, out SafeFileHandle? file)
    {
        file = new SafeFileHandle(OpenCall(path, flags.ToKernel(), 0), ownsHandle: true);
        if (!file.IsInvalid)
            return Errno.None;
        var error = Check.LastErrno;
        file = null;
        return error;
    }

    /// <summary>Reads what is there, waiting for the first byte on a blocking descriptor.</summary>
    /// <returns>The number of bytes; 0 at the end; -1 where a non-blocking descriptor has nothing now.</returns>
    /// <exception cref="LinuxException">The read failed.</exception>
    public static unsafe int Read(SafeFileHandle file, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = ReadCall(file, start, (nuint)buffer.Length);
                if (count >= 0)
                    return (int)count;
                if (Check.LastErrno is Errno.EAGAIN)
                    return -1;
                if (Check.LastErrno is not Errno.EINTR)
                    throw new LinuxException("read", null, Check.LastErrno);
            }
        }
    }

    /// <summary>Writes what the descriptor takes.</summary>
    /// <returns>The number of bytes written; -1 where a non-blocking descriptor takes nothing now.</returns>
    /// <exception cref="LinuxException">The write failed; EPIPE where no reader is left.</exception>
    public static unsafe int Write(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            while (true)
            {
                var count = WriteCall(file, start, (nuint)bytes.Length);
                if (count >= 0)
                    return (int)count;
                if (Check.LastErrno is Errno.EAGAIN)
                    return -1;
                if (Check.LastErrno is not Errno.EINTR)
                    throw new LinuxException("write", null, Check.LastErrno);
            }
        }
    }

    /// <summary>Writes all of <paramref name="bytes"/>, waiting where the descriptor is non-blocking.</summary>
    /// <exception cref="LinuxException">The write failed; EPIPE where no reader is left.</exception>
    public static void WriteAll(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Write(file, bytes);
            if (count < 0)
                Poll.Wait(file, PollEvents.Write, -1);
            else
                bytes = bytes[count..];
        }
    }

    /// <summary>Switches O_NONBLOCK, which belongs to the open file: everyone who shares it is affected.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void SetNonBlocking(SafeFileHandle file, bool value = true)
    {
        var flags = Check.Result(Fcntl(file, GetFlags, 0), "fcntl F_GETFL");
        Check.Result(Fcntl(file, SetFlags, value ? flags | NonBlock : flags & ~NonBlock), "fcntl F_SETFL");
    }

    /// <summary>Closes the descriptor when this process executes another program; for one that was inherited.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void SetCloseOnExec(SafeFileHandle file) => Check.Result(Fcntl(file, SetDescriptorFlags, 1), "fcntl F_SETFD");

    /// <summary>A second descriptor of the same open file, close-on-exec, numbered at least <paramref name="atLeast"/>.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static SafeFileHandle Duplicate(SafeFileHandle file, int atLeast = 3) =>
        new(Check.Result(Fcntl(file, DuplicateCloseOnExec, atLeast), "fcntl F_DUPFD_CLOEXEC"), ownsHandle: true);

    /// <summary>The descriptor's number, for messages and /proc/self/fd paths; valid while the handle is open.</summary>
    public static int Number(SafeFileHandle file) => (int)file.DangerousGetHandle();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenCall(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static unsafe partial nint ReadCall(SafeFileHandle file, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint WriteCall(SafeFileHandle file, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(SafeFileHandle file, int command, int argument);
}

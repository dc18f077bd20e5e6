using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>Calls on an open file: what it holds and what is known about it.</summary>
public static unsafe partial class FileOn
{
    /// <summary>Writes all of <paramref name="data"/> at the current position.</summary>
    /// <exception cref="LinuxException">ENOSPC, EDQUOT, EFBIG, EIO.</exception>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            for (nint done = 0; done < data.Length;)
            {
                var written = Write(file, start + done, data.Length - done);
                if (written == -1 && Check.LastErrno != Errno.EINTR)
                    throw Failure("write", file);
                done += Math.Max(written, 0);
            }
        }
    }

    /// <summary>Reads once at the current position; 0 is the end.</summary>
    public static int Read(SafeFileHandle file, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint read;
            do
            {
                read = Read(file, start, buffer.Length);
            }
            while (read == -1 && Check.LastErrno == Errno.EINTR);
            return read == -1 ? throw Failure("read", file) : (int)read;
        }
    }

    /// <summary>Moves the position of the next read or write to <paramref name="offset"/> bytes from the start.</summary>
    public static void Seek(SafeFileHandle file, long offset)
    {
        if (LSeek(file, offset, 0) == -1)
            throw Failure("lseek", file);
    }

    /// <summary>Makes the file exactly <paramref name="length"/> bytes long; what is new reads as zeros and takes no space.</summary>
    public static void SetLength(SafeFileHandle file, long length)
    {
        if (FTruncate(file, length) == -1)
            throw Failure($"truncate to {length} bytes", file);
    }

    /// <summary>Changes the owner; the kernel clears setuid, setgid and file capabilities.</summary>
    public static void ChangeOwner(SafeFileHandle file, uint uid, uint gid)
    {
        if (FChown(file, uid, gid) == -1)
            throw Failure($"chown {uid}:{gid}", file);
    }

    /// <summary>Changes permission bits, with setuid, setgid and sticky.</summary>
    public static void ChangeMode(SafeFileHandle file, uint permissions)
    {
        if (FChmod(file, permissions) == -1)
            throw Failure($"chmod {Convert.ToString(permissions, 8)}", file);
    }

    /// <summary>Sets the times of last access and change of content.</summary>
    public static void SetTimes(SafeFileHandle file, FileTime accessed, FileTime modified)
    {
        var times = stackalloc[] { FileAt.TimeSpec.From(accessed), FileAt.TimeSpec.From(modified) };
        if (FUtimens(file, times) == -1)
            throw Failure("futimens", file);
    }

    /// <summary>Asks the kernel to put all of the file system that holds <paramref name="file"/> on disk, and waits for it.</summary>
    public static void SyncFileSystem(SafeFileHandle file)
    {
        if (SyncFs(file) == -1)
            throw Failure("syncfs", file);
    }

    /// <summary>Space on the file system that holds <paramref name="file"/>, in bytes, as statfs(2) counts it.</summary>
    public static FileSystemSpace Space(SafeFileHandle file)
    {
        StatVfs result;
        if (FStatVfs(file, &result) == -1)
            throw Failure("statfs", file);
        return new(result.f_blocks * result.f_frsize, result.f_bavail * result.f_frsize);
    }

    internal static LinuxException Failure(string operation, SafeFileHandle file)
    {
        var error = Check.LastErrno;
        var name = File.ResolveLinkTarget($"/proc/self/fd/{file.DangerousGetHandle()}", returnFinalTarget: false);
        return new LinuxException(operation, name?.FullName, error);
    }

    /// <summary>struct statvfs of glibc and musl on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 112)]
    internal struct StatVfs
    {
        public ulong f_bsize;
        public ulong f_frsize;
        public ulong f_blocks;
        public ulong f_bfree;
        public ulong f_bavail;
        public ulong f_files;
        public ulong f_ffree;
        public ulong f_favail;
        public ulong f_fsid;
        public ulong f_flag;
        public ulong f_namemax;
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, byte* data, nint length);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle file, byte* data, nint length);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long LSeek(SafeFileHandle file, long offset, int origin);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int FTruncate(SafeFileHandle file, long length);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int FChown(SafeFileHandle file, uint uid, uint gid);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int FChmod(SafeFileHandle file, uint mode);

    [LibraryImport("libc", EntryPoint = "futimens", SetLastError = true)]
    private static partial int FUtimens(SafeFileHandle file, FileAt.TimeSpec* times);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fstatvfs", SetLastError = true)]
    private static partial int FStatVfs(SafeFileHandle file, StatVfs* result);
}

/// <summary>Space on a file system, in bytes.</summary>
/// <param name="Total">Its size.</param>
/// <param name="Available">What an unprivileged user may still take.</param>
public readonly record struct FileSystemSpace(ulong Total, ulong Available);

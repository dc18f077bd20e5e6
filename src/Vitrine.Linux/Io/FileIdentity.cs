using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>What makes a file the same file under any name: device and inode (statx(2)).</summary>
public readonly partial record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode)
{
    private const int AtFdCwd = -100;
    private const int AtEmptyPath = 0x1000;
    private const uint StatxNlink = 0x4;
    private const uint StatxIno = 0x100;

    /// <summary>The identity of an open file.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static unsafe FileIdentity Of(SafeFileHandle file)
    {
        Buffer buffer;
        Check.Result(Statx(file, "", AtEmptyPath, StatxIno, &buffer), "statx");
        return new FileIdentity(buffer.DeviceMajor, buffer.DeviceMinor, buffer.Inode);
    }

    /// <summary>The identity of the file a path leads to, or null where there is none.</summary>
    /// <exception cref="LinuxException">The call failed for another reason than ENOENT or ENOTDIR.</exception>
    public static unsafe FileIdentity? Of(string path)
    {
        Buffer buffer;
        if (Statx(AtFdCwd, path, 0, StatxIno, &buffer) == -1)
            return Check.LastErrno is Errno.ENOENT or Errno.ENOTDIR ? null : throw new LinuxException("statx", path, Check.LastErrno);
        return new FileIdentity(buffer.DeviceMajor, buffer.DeviceMinor, buffer.Inode);
    }

    /// <summary>Whether an open file has no name left.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static unsafe bool IsDeleted(SafeFileHandle file)
    {
        Buffer buffer;
        Check.Result(Statx(file, "", AtEmptyPath, StatxNlink, &buffer), "statx");
        return buffer.Links == 0;
    }

    /// <summary>struct statx; the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Buffer
    {
        [FieldOffset(0x10)]
        public uint Links;

        [FieldOffset(0x20)]
        public ulong Inode;

        [FieldOffset(0x88)]
        public uint DeviceMajor;

        [FieldOffset(0x8c)]
        public uint DeviceMinor;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(SafeFileHandle directory, string path, int flags, uint mask, Buffer* buffer);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int directory, string path, int flags, uint mask, Buffer* buffer);
}

using System.Runtime.InteropServices;

namespace Vitrine.Linux;

/// <summary>
/// What changes whenever a file is replaced by rename or written: inode, length and the kernel's times of content and inode
/// (statx(2)). Two looks with the same stamp found the same content.
/// </summary>
public readonly partial record struct FileStamp(ulong Inode, ulong Size, FileTime Modified, FileTime Changed)
{
    private const int AtFdCwd = -100;
    private const uint StatxMtime = 0x40;
    private const uint StatxCtime = 0x80;
    private const uint StatxIno = 0x100;
    private const uint StatxSize = 0x200;

    /// <summary>The stamp of the file a path leads to, or null where there is none.</summary>
    /// <exception cref="LinuxException">The call failed for another reason than ENOENT or ENOTDIR.</exception>
    public static unsafe FileStamp? Of(string path)
    {
        Buffer buffer;
        if (Statx(AtFdCwd, path, 0, StatxMtime | StatxCtime | StatxIno | StatxSize, &buffer) == -1)
            return Check.LastErrno is Errno.ENOENT or Errno.ENOTDIR ? null : throw new LinuxException("statx", path, Check.LastErrno);
        return new FileStamp(buffer.Inode, buffer.Size, new FileTime(buffer.ModifiedSeconds, buffer.ModifiedNanoseconds),
            new FileTime(buffer.ChangedSeconds, buffer.ChangedNanoseconds));
    }

    /// <summary>struct statx; the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Buffer
    {
        [FieldOffset(0x20)]
        public ulong Inode;

        [FieldOffset(0x28)]
        public ulong Size;

        [FieldOffset(0x60)]
        public long ChangedSeconds;

        [FieldOffset(0x68)]
        public uint ChangedNanoseconds;

        [FieldOffset(0x70)]
        public long ModifiedSeconds;

        [FieldOffset(0x78)]
        public uint ModifiedNanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int directory, string path, int flags, uint mask, Buffer* buffer);
}

using System.Runtime.InteropServices;

namespace Vitrine.Linux;

/// <summary>The type bits of a file mode (S_IFMT).</summary>
public enum FileKind
{
    Unknown = 0,
    Fifo = 0x1000,
    CharacterDevice = 0x2000,
    Directory = 0x4000,
    BlockDevice = 0x6000,
    Regular = 0x8000,
    Symlink = 0xA000,
    Socket = 0xC000,
}

/// <summary>A point in time as the kernel stores it on files.</summary>
/// <param name="Seconds">Since the Unix epoch, negative before it.</param>
/// <param name="Nanoseconds">0 to 999 999 999, added to the seconds.</param>
public readonly record struct FileTime(long Seconds, uint Nanoseconds)
{
    /// <summary>In UTC, to 100 nanoseconds.</summary>
    public DateTime ToDateTime() => DateTime.UnixEpoch.AddTicks(Seconds * TimeSpan.TicksPerSecond + Nanoseconds / 100);
}

/// <summary>A device number in its two halves.</summary>
public readonly record struct DeviceNumber(uint Major, uint Minor);

/// <summary>What statx(2) says about a file.</summary>
public readonly record struct FileStatus
{
    /// <summary>Type and permission bits, as st_mode.</summary>
    public uint Mode { get; init; }

    public uint Uid { get; init; }

    public uint Gid { get; init; }

    /// <summary>Length in bytes; of a symlink, the length of its target.</summary>
    public ulong Size { get; init; }

    public ulong Inode { get; init; }

    public uint LinkCount { get; init; }

    /// <summary>The device that holds the file.</summary>
    public DeviceNumber Device { get; init; }

    /// <summary>The device that a device node stands for.</summary>
    public DeviceNumber Represents { get; init; }

    public FileTime Modified { get; init; }

    public FileTime Accessed { get; init; }

    /// <summary>When content or attributes changed last (st_ctime): the kernel sets it, and nobody else can.</summary>
    public FileTime Changed { get; init; }

    /// <summary>Space taken on disk, in bytes.</summary>
    public ulong Allocated { get; init; }

    public FileKind Kind => (FileKind)(Mode & 0xF000);

    /// <summary>Permission bits with setuid, setgid and sticky.</summary>
    public uint Permissions => Mode & 0xFFF;

    /// <summary>Whether this is overlayfs's mark for a deleted name: a character device 0:0.</summary>
    public bool IsWhiteout => Kind == FileKind.CharacterDevice && Represents == default;
}

/// <summary>struct statx of linux/stat.h.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct Statx
{
    public uint stx_mask;
    public uint stx_blksize;
    public ulong stx_attributes;
    public uint stx_nlink;
    public uint stx_uid;
    public uint stx_gid;
    public ushort stx_mode;
    public ushort spare0;
    public ulong stx_ino;
    public ulong stx_size;
    public ulong stx_blocks;
    public ulong stx_attributes_mask;
    public StatxTimestamp stx_atime;
    public StatxTimestamp stx_btime;
    public StatxTimestamp stx_ctime;
    public StatxTimestamp stx_mtime;
    public uint stx_rdev_major;
    public uint stx_rdev_minor;
    public uint stx_dev_major;
    public uint stx_dev_minor;
    public ulong stx_mnt_id;

    public readonly FileStatus ToStatus() => new()
    {
        Mode = stx_mode,
        Uid = stx_uid,
        Gid = stx_gid,
        Size = stx_size,
        Inode = stx_ino,
        LinkCount = stx_nlink,
        Device = new(stx_dev_major, stx_dev_minor),
        Represents = new(stx_rdev_major, stx_rdev_minor),
        Modified = new(stx_mtime.tv_sec, stx_mtime.tv_nsec),
        Accessed = new(stx_atime.tv_sec, stx_atime.tv_nsec),
        Changed = new(stx_ctime.tv_sec, stx_ctime.tv_nsec),
        Allocated = stx_blocks * 512,
    };
}

/// <summary>struct statx_timestamp of linux/stat.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StatxTimestamp
{
    public long tv_sec;
    public uint tv_nsec;
    public int spare;
}

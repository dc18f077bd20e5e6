using System.Runtime.InteropServices;
using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>Numbers of the kernel's interface that setup programs use, under the kernel's names.</summary>
internal static class Kernel
{
    public const int AT_FDCWD = -100;
    public const int AT_EMPTY_PATH = 0x1000;
    public const int AT_RECURSIVE = 0x8000;
    public const int AT_SYMLINK_NOFOLLOW = 0x100;

    public const int O_WRONLY = 1;
    public const int O_RDWR = 2;
    public const int O_NOCTTY = 0x100;
    public const int O_CLOEXEC = 0x80000;
    public const int O_PATH = 0x200000;

    public const int FSOPEN_CLOEXEC = 1;
    public const int FSMOUNT_CLOEXEC = 1;
    public const int CLOSE_RANGE_CLOEXEC = 4;

    public const int FSPICK_CLOEXEC = 1;
    public const int FSPICK_EMPTY_PATH = 8;

    public const int PROC_SUPER_MAGIC = 0x9FA0;
    public const int DEVPTS_SUPER_MAGIC = 0x1CD1;

    public const int S_IFIFO = 0x1000;
    public const int S_IFCHR = 0x2000;
    public const int S_IFBLK = 0x6000;

    public const int PR_SET_PDEATHSIG = 1;
    public const int PR_SET_DUMPABLE = 4;
    public const int PR_SET_KEEPCAPS = 8;
    public const int PR_SET_NAME = 15;
    public const int PR_SET_CHILD_SUBREAPER = 36;
    public const int PR_SET_NO_NEW_PRIVS = 38;
    public const int PR_CAP_AMBIENT = 47;
    public const int PR_CAP_AMBIENT_RAISE = 2;
    public const int PR_CAP_AMBIENT_CLEAR_ALL = 4;

    public const int PER_LINUX = 0;
    public const int PER_LINUX32 = 8;

    public const int KEYCTL_JOIN_SESSION_KEYRING = 1;
    public const int SECCOMP_SET_MODE_FILTER = 1;
    public const int SIG_SETMASK = 2;

    public const int TIOCSCTTY = 0x540E;
    public const int TIOCSWINSZ = 0x5414;
    public const int TIOCSPTLCK = 0x40045431;
    public const int TIOCGPTPEER = 0x5441;
    public const int SIOCSIFFLAGS = 0x8914;
    public const short IFF_UP = 1;
    public const short IFF_RUNNING = 0x40;
    public const int AF_INET = 2;
    public const int SOCK_DGRAM = 2;
    public const int SOCK_CLOEXEC = 0x80000;

    public const int LINUX_CAPABILITY_VERSION_3 = 0x20080522;

    /// <summary>Differs between architectures.</summary>
    public static int O_DIRECTORY => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
}

/// <summary>struct open_how of openat2(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OpenHow
{
    public ulong flags;
    public ulong mode;
    public ulong resolve;
}

/// <summary>struct rlimit64 of prlimit64(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Rlimit64
{
    public ulong rlim_cur;
    public ulong rlim_max;
}

/// <summary>struct __user_cap_header_struct of capset(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CapabilityHeader
{
    public uint version;
    public int pid;
}

/// <summary>Two struct __user_cap_data_struct of capset(2): the low and the high 32 bits of three sets.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CapabilityData
{
    public uint effective_low;
    public uint permitted_low;
    public uint inheritable_low;
    public uint effective_high;
    public uint permitted_high;
    public uint inheritable_high;

    public static CapabilityData Of(ulong effective, ulong permitted, ulong inheritable) => new()
    {
        effective_low = (uint)effective,
        permitted_low = (uint)permitted,
        inheritable_low = (uint)inheritable,
        effective_high = (uint)(effective >> 32),
        permitted_high = (uint)(permitted >> 32),
        inheritable_high = (uint)(inheritable >> 32),
    };
}

/// <summary>struct winsize of ioctl_tty(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WinSize
{
    public ushort ws_row;
    public ushort ws_col;
    public ushort ws_xpixel;
    public ushort ws_ypixel;
}

/// <summary>struct ifreq with flags (netdevice(7)).</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal struct InterfaceRequest
{
    [FieldOffset(0)]
    public ulong ifr_name;

    [FieldOffset(16)]
    public short ifr_flags;
}

/// <summary>struct sched_attr of sched_setattr(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SchedulerAttributes
{
    public uint size;
    public uint sched_policy;
    public ulong sched_flags;
    public int sched_nice;
    public uint sched_priority;
    public ulong sched_runtime;
    public ulong sched_deadline;
    public ulong sched_period;
    public uint sched_util_min;
    public uint sched_util_max;
}

/// <summary>struct mount_attr of mount_setattr(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MountAttr
{
    public MountAttributes attr_set;
    public MountAttributes attr_clr;
    public MountPropagation propagation;
    public ulong userns_fd;
}

using System.Runtime.InteropServices;

namespace Vitrine.Linux;

/// <summary>Flags of open(2), with the kernel's names. Values are x86-64's; <see cref="OpenFlagsExtensions.ToKernel"/> maps them.</summary>
[Flags]
public enum OpenFlags
{
    ReadOnly = 0,
    WriteOnly = 0x1,
    ReadWrite = 0x2,
    Create = 0x40,
    Exclusive = 0x80,
    NoControllingTerminal = 0x100,
    Truncate = 0x200,
    Append = 0x400,
    NonBlocking = 0x800,
    Directory = 0x10000,
    NoFollow = 0x20000,

    /// <summary>Only a reference to the object (O_PATH): nothing is opened, no permission on it is needed.</summary>
    PathOnly = 0x200000,
}

/// <summary>Flags of openat2(2): how a path may be resolved from its directory.</summary>
[Flags]
public enum ResolveFlags : ulong
{
    None = 0,

    /// <summary>No component may be on another mount than the directory.</summary>
    NoCrossMount = 0x01,

    /// <summary>No magic links of /proc.</summary>
    NoMagicLinks = 0x02,

    /// <summary>No symbolic link in any component.</summary>
    NoSymlinks = 0x04,

    /// <summary>Leaving the directory, by "..", an absolute path or a link, is EXDEV.</summary>
    Beneath = 0x08,

    /// <summary>The directory is the root: absolute paths, links and ".." stay inside it.</summary>
    InRoot = 0x10,
}

internal static class OpenFlagsExtensions
{
    private const int CloseOnExec = 0x80000;

    /// <summary>The kernel's bits on this architecture, always with O_CLOEXEC.</summary>
    public static int ToKernel(this OpenFlags flags)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.Arm64)
            return (int)flags | CloseOnExec;
        const int Moved = (int)(OpenFlags.Directory | OpenFlags.NoFollow);
        var bits = (int)flags & ~Moved;
        bits |= flags.HasFlag(OpenFlags.Directory) ? 0x4000 : 0;
        bits |= flags.HasFlag(OpenFlags.NoFollow) ? 0x8000 : 0;
        return bits | CloseOnExec;
    }
}

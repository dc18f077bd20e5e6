using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>Ownership of pipes and sockets.</summary>
public static unsafe partial class PipeOwner
{
    private const int EmptyPath = 0x1000;
    private const uint StatxType = 1;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int Fifo = 0x1000;
    private const int Socket = 0xC000;

    /// <summary>Makes a user the owner of a pipe or socket; any other kind of file is left alone.</summary>
    /// <returns>Whether it was changed.</returns>
    public static bool Give(SafeFileHandle file, uint uid)
    {
        var status = stackalloc byte[256];
        byte empty = 0;
        if (Statx(file, &empty, EmptyPath, StatxType, status) == -1)
            return false;
        var type = *(ushort*)(status + ModeOffset) & TypeMask;
        return type is Fifo or Socket && Fchown(file, uid, uint.MaxValue) == 0;
    }

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int Statx(SafeFileHandle file, byte* path, int flags, uint mask, byte* result);

    [LibraryImport("libc", EntryPoint = "fchown")]
    private static partial int Fchown(SafeFileHandle file, uint owner, uint group);
}

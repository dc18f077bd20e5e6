using System.Runtime.InteropServices;

namespace Vitrine.Linux;

/// <summary>Changes to this process's own mount namespace by path: what is left for tools and repair, as containers mount for themselves.</summary>
public static partial class MountTable
{
    /// <summary>mount(2).</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void Mount(string? source, string target, string? type, MountFlags flags, string? data = null)
    {
        if (MountCall(source, target, type, (nuint)(ulong)flags, data) != -1)
            return;
        throw new LinuxException($"mount {type ?? source} on", target, flags.Words(), Check.LastErrno);
    }

    /// <summary>umount2(2); false where <paramref name="target"/> is not a mount point or does not exist.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static bool Unmount(string target, UnmountFlags flags = UnmountFlags.Detach | UnmountFlags.NoFollow)
    {
        if (UnmountCall(target, (int)flags) == 0)
            return true;
        if (Check.LastErrno is Errno.EINVAL or Errno.ENOENT)
            return false;
        throw new LinuxException("unmount", target, flags.Words(), Check.LastErrno);
    }

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MountCall(string? source, string target, string? type, nuint flags, string? data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnmountCall(string target, int flags);
}

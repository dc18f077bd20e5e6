using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>
/// A mount namespace for one thread: what it mounts nobody else sees, and all of it goes with the thread and the handles that were
/// taken of it. Only for a thread that ends soon: no other work may ever run on it.
/// </summary>
public static partial class PrivateMounts
{
    private const int NewMountNamespace = 0x00020000;

    /// <summary>Gives the calling thread a copy of its mount namespace from which no mount travels back (unshare(2)).</summary>
    /// <returns>The namespace: it lives at least as long as this handle.</returns>
    /// <exception cref="LinuxException">EPERM without CAP_SYS_ADMIN.</exception>
    public static SafeFileHandle Unshare()
    {
        Check.Result(UnshareCall(NewMountNamespace), "unshare mounts");
        MountTable.Mount(null, "/", null, MountFlags.Private | MountFlags.Recursive);
        return Fd.Open("/proc/thread-self/ns/mnt", OpenFlags.ReadOnly);
    }

    /// <summary>Makes a mount the root of the calling thread's namespace, and lets go of all other mounts in it (pivot_root(2)).</summary>
    /// <exception cref="LinuxException">EINVAL: not a mount point.</exception>
    public static void KeepOnly(string mountPoint)
    {
        Check.Result(ChangeDirectory(mountPoint), "chdir", mountPoint);
        Check.Result((int)PivotRoot(SyscallNumber.Of(Syscall.pivot_root), ".", "."), "pivot_root", mountPoint);
        MountTable.Unmount(".", UnmountFlags.Detach);
        Check.Result(ChangeDirectory("/"), "chdir", "/");
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int UnshareCall(int flags);

    [LibraryImport("libc", EntryPoint = "chdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeDirectory(string path);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint PivotRoot(nint number, string newRoot, string putOld);
}

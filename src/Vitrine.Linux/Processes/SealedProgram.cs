using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>
/// Runs a program's file by a read-only copy of the mount it is on. A process of ours that is on its way into a container, or
/// stays there as an init, offers its own file at /proc/PID/exe: opened there it can be written to as soon as nothing executes it,
/// and then is run as root by the next start (CVE-2019-5736). The file behind a detached read-only mount cannot be opened for writing
/// by anybody that way, the mount is in no namespace where it could be changed, and nothing is copied.
/// </summary>
public static unsafe partial class SealedProgram
{
    private const int MountFlagsWord = 10; // f_flags in struct statfs of 64-bit machines
    private const long ReadOnlyMount = 1; // ST_RDONLY
    private const string OwnFile = "/proc/self/exe";

    /// <summary>Whether this process's own file is behind a mount that is read-only.</summary>
    public static bool IsSealed
    {
        get
        {
            using var file = Fd.Open(OwnFile, OpenFlags.PathOnly);
            var status = stackalloc long[32];
            Check.Result(StatFs(SyscallNumber.Of(Syscall.fstatfs), file, status), "fstatfs", OwnFile);
            return (status[MountFlagsWord] & ReadOnlyMount) != 0;
        }
    }

    /// <summary>A read-only copy of the mount of the directory that a program is in, or null where this user may not make one.</summary>
    /// <param name="directory">The program's directory.</param>
    /// <exception cref="LinuxException">There is no such directory.</exception>
    public static SafeFileHandle? Seal(string directory)
    {
        try
        {
            var mount = DetachedMount.Clone(directory, recursive: false);
            DetachedMount.Set(mount, MountAttributes.ReadOnly);
            return mount;
        }
        catch (LinuxException e) when (e.Errno is Errno.EPERM or Errno.ENOSYS or Errno.EINVAL)
        {
            // Not root: then the file is not this user's to write to either, where it is installed as it should be.
            return null;
        }
    }

    /// <summary>Where a file of a sealed directory can be executed, by this process and by its children.</summary>
    public static string PathIn(SafeFileHandle mount, string name) => $"/proc/{Environment.ProcessId}/fd/{Fd.Number(mount)}/{name}";

    /// <summary>Starts this process anew behind a seal, unless it is, or cannot be; pid, descriptors and environment stay.</summary>
    /// <param name="arguments">All arguments, its own name first.</param>
    public static void Enter(IReadOnlyList<string> arguments)
    {
        if (IsSealed || new FileInfo(OwnFile).LinkTarget is not { } path || Path.GetDirectoryName(path) is not { } directory || !File.Exists(path))
            return;
        using var mount = Seal(directory);
        if (mount is not null)
            ThisProcess.Execute(PathIn(mount, Path.GetFileName(path)), arguments);
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint StatFs(nint number, SafeFileHandle file, long* status);
}

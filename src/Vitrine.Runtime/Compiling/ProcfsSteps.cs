using System.Text;
using Vitrine.Linux;
using static Vitrine.Runtime.Kernel;

namespace Vitrine.Runtime;

/// <summary>
/// Writes to /proc on behalf of the container. What lies at /proc may be anything that a container or a host's administrator
/// has put there: a label written to a file of another kind is a container without confinement (CVE-2019-16884,
/// CVE-2019-19921, CVE-2025-31133, CVE-2025-52881). So the program mounts a procfs that is attached nowhere, verifies that it is
/// one, and reaches every file below its descriptor without crossing a mount.
/// </summary>
internal static class ProcfsSteps
{
    private const ulong Inside = (ulong)(ResolveFlags.Beneath | ResolveFlags.NoCrossMount | ResolveFlags.NoMagicLinks);
    private const long RootInode = 1;

    /// <summary>Writes a text to a file below /proc, for example <c>self/oom_score_adj</c>.</summary>
    /// <param name="b">The program.</param>
    /// <param name="path">The file.</param>
    /// <param name="text">What is written.</param>
    /// <param name="orLeave">Whether a caller who is not allowed to leaves it as it is.</param>
    public static void WriteProc(this ProgramBuilder b, string path, string text, bool orLeave = false)
    {
        var left = b.NewLabel();
        var policy = orLeave ? ErrorPolicy.Goto(left, Errno.EACCES, Errno.EPERM) : ErrorPolicy.Fail;
        var file = b.Keep(policy, Syscall.openat2, b.Procfs(), b.Text(path), How(b), 24);
        b.Call(policy, Syscall.write, file, b.Text(text), Encoding.UTF8.GetByteCount(text));
        b.Close(file);
        b.Mark(left);
    }

    /// <summary>As <see cref="WriteProc(ProgramBuilder, string, string, bool)"/>, to the first of two files where it exists, else to the second.</summary>
    public static void WriteProc(this ProgramBuilder b, string path, string otherwise, string text)
    {
        var proc = b.Procfs();
        var (old, write) = (b.NewLabel(), b.NewLabel());
        var file = b.Keep(ErrorPolicy.Goto(old, Errno.ENOENT), Syscall.openat2, proc, b.Text(path), How(b), 24);
        b.Branch(Operation.Jump, write);
        b.Mark(old);
        b.KeepIn(file, ErrorPolicy.Fail, Syscall.openat2, proc, b.Text(otherwise), How(b), 24);
        b.Mark(write);
        Write(b, file, text);
    }

    private static void Write(ProgramBuilder b, Register file, string text)
    {
        b.Call(Syscall.write, file, b.Text(text), Encoding.UTF8.GetByteCount(text));
        b.Close(file);
    }

    private static DataOffset How(ProgramBuilder b) => b.Struct(new OpenHow { flags = O_WRONLY | O_CLOEXEC, resolve = Inside });

    /// <summary>The procfs of this program, opened where it is first needed, within the words of the step that needs it.</summary>
    private static Register Procfs(this ProgramBuilder b)
    {
        if (b.Proc is { } open)
            return open;
        // Where a new one may not be mounted, as in a user namespace of the host's processes, the host's own must do.
        var (hosts, verify) = (b.NewLabel(), b.NewLabel());
        var refused = ErrorPolicy.Goto(hosts, Errno.EPERM, Errno.ENODEV, Errno.ENOSYS);
        var fs = b.Keep(refused, Syscall.fsopen, b.Text("proc"), FSOPEN_CLOEXEC);
        b.Call(refused, Syscall.fsconfig, fs, (long)FsConfigCommand.Create, 0, 0, 0);
        var attributes = MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec;
        var proc = b.Keep(refused, Syscall.fsmount, fs, FSMOUNT_CLOEXEC, (long)attributes);
        b.Close(fs);
        b.Branch(Operation.Jump, verify);
        b.Mark(hosts);
        b.KeepIn(proc, ErrorPolicy.Fail, Syscall.openat2, AT_FDCWD, b.Text("/proc"),
            b.Struct(new OpenHow { flags = (ulong)(O_PATH | O_CLOEXEC | O_DIRECTORY) }), 24);
        b.Mark(verify);
        b.Do(Operation.CheckFilesystem, proc, PROC_SUPER_MAGIC, RootInode);
        b.Proc = proc;
        return proc;
    }
}

using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using static Vitrine.Runtime.Kernel;

namespace Vitrine.Runtime;

/// <summary>The process's stdin, stdout and stderr: three descriptors of the parent, or a terminal of the container's own devpts.</summary>
internal static class TerminalSteps
{
    private const ulong Inside = (ulong)(ResolveFlags.Beneath | ResolveFlags.NoCrossMount | ResolveFlags.NoSymlinks);

    /// <summary>Opens a terminal, sends its master to the parent, and gives the slave back.</summary>
    /// <param name="b">The program.</param>
    /// <param name="process">The process it is for.</param>
    /// <param name="root">The container's root.</param>
    public static Register Open(ProgramBuilder b, ProcessSpec process, Register root)
    {
        b.Terminal = true;
        b.Step("open a terminal");
        // A directory of the image's own could hold anything under these names (CVE-2025-52565).
        var devpts = b.OpenIn(root, "/dev/pts", O_PATH | O_CLOEXEC | O_DIRECTORY);
        b.Do(Operation.CheckFilesystem, devpts, DEVPTS_SUPER_MAGIC, 0);
        var how = b.Struct(new OpenHow { flags = (ulong)(O_RDWR | O_NOCTTY | O_CLOEXEC), resolve = Inside });
        var master = b.Keep(Syscall.openat2, devpts, b.Text("ptmx"), how, 24);
        b.Close(devpts);
        b.Call(Syscall.ioctl, master, TIOCSPTLCK, b.Struct(0));
        // By the master's descriptor: a name like /dev/pts/0 could be something else in a hostile root.
        var slave = b.Keep(Syscall.ioctl, master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (process.ConsoleSize is { } size)
            b.Call(Syscall.ioctl, master, TIOCSWINSZ, b.Struct(new WinSize { ws_row = size.Height, ws_col = size.Width }));
        if (process.User.Uid != 0)
            b.Call(Syscall.fchownat, slave, b.Empty, process.User.Uid, -1, AT_EMPTY_PATH);
        b.Step("send the terminal's master to the parent");
        b.Do(Operation.SendTerminal, master);
        b.Close(master);
        return slave;
    }

    /// <summary>Makes the terminal appear as /dev/console.</summary>
    public static void BindConsole(ProgramBuilder b, Register slave, Register root)
    {
        b.Step("bind the terminal on", "/dev/console");
        b.Attach(b.CloneTree(slave, recursive: false), b.MountPoint(root, "/dev/console", MountPointKind.File | MountPointKind.NoSymlinks));
    }

    /// <summary>Puts fds 0 to 2 in place.</summary>
    public static void PutInPlace(ProgramBuilder b, Register? slave)
    {
        b.Step("stdin, stdout and stderr");
        b.Call(Syscall.dup3, slave ?? Register.Input, 0, 0);
        b.Call(Syscall.dup3, slave ?? Register.Output, 1, 0);
        b.Call(Syscall.dup3, slave ?? Register.Error, 2, 0);
    }

    /// <summary>A session of its own, and the terminal as its controlling terminal.</summary>
    public static void StartSession(ProgramBuilder b, bool terminal)
    {
        b.Step("start a session");
        // EPERM: it leads one already.
        b.Call(ErrorPolicy.Ignore(Errno.EPERM), Syscall.setsid);
        if (terminal)
            b.Call(Syscall.ioctl, 0, TIOCSCTTY, 0);
    }
}

using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>The end of a program: the terminal's hand-over, the command itself, and the init that may stay behind it.</summary>
internal static unsafe partial class Interpreter
{
    private const int SocketLevel = 1;
    private const int Rights = 1;
    private const int NoHang = 1;
    private const int SigTtin = 21;
    private const int SigTtou = 22;
    private const int AtCurrentDirectory = -100;
    private const int ExecutePermission = 1;
    private const int EffectiveIds = 0x200; // AT_EACCESS
    private const int NotExecuted = 255;

    private struct Vector
    {
        public void* Start;
        public nuint Length;
    }

    /// <summary>struct msghdr of 64-bit machines.</summary>
    private struct MessageHeader
    {
        public void* Name;
        public ulong NameLength;
        public Vector* Parts;
        public nuint PartCount;
        public void* Control;
        public nuint ControlLength;
        public ulong Flags;
    }

    /// <summary>struct cmsghdr with one descriptor.</summary>
    private struct RightsBlock
    {
        public nuint Length;
        public int Level;
        public int Type;
        public int Descriptor;
        public int Padding;
    }

    private static long SendDescriptor(NativeContext* context, MessageKind kind, int index, int descriptor)
    {
        var message = new ControlMessage { Kind = kind, Index = index, Value = 0 };
        var part = new Vector { Start = &message, Length = (nuint)sizeof(ControlMessage) };
        var rights = new RightsBlock { Length = 20, Level = SocketLevel, Type = Rights, Descriptor = descriptor, Padding = 0 };
        var header = new MessageHeader
        {
            Name = null,
            NameLength = 0,
            Parts = &part,
            PartCount = 1,
            Control = &rights,
            ControlLength = (nuint)sizeof(RightsBlock),
            Flags = 0,
        };
        return Call(context, Syscall.sendmsg, context->Registers[Register.Control.Number], (long)&header);
    }

    /// <summary>
    /// Executes the first candidate that can be. In a search along PATH, what is missing or not executable is passed over,
    /// as Docker does; a single path fails with its own error.
    /// </summary>
    private static long Execute(NativeContext* context, byte** candidates, long argv, long envp, bool search, byte* name)
    {
        var result = ExecuteFirst(context, candidates, argv, envp, search);
        if (name != null)
            Complain(context, name, -result);
        return result;
    }

    private static long ExecuteFirst(NativeContext* context, byte** candidates, long argv, long envp, bool search)
    {
        for (var candidate = candidates; *candidate != null; candidate++)
        {
            var error = -Call(context, Syscall.execve, (long)*candidate, argv, envp);
            if (!search)
                return -Explain(context, *candidate, error);
            if (error == (long)Errno.ENOENT && Exists(context, *candidate))
                return -(error | ControlMessage.LoaderMissing);
            if (error is not ((long)Errno.ENOENT or (long)Errno.ENOTDIR or (long)Errno.EACCES))
                return -error;
        }

        return -(long)Errno.ENOENT;
    }

    /// <summary>As <see cref="Execute"/>, but only looks: at what the process that waits for its start will find.</summary>
    private static long FindCommand(NativeContext* context, byte** candidates, bool search)
    {
        for (var candidate = candidates; *candidate != null; candidate++)
        {
            var error = -Call(context, Syscall.faccessat2, AtCurrentDirectory, (long)*candidate, ExecutePermission, EffectiveIds);
            // Kernels before 5.8 have no faccessat2(2): the start will tell.
            if (error is 0 or (long)Errno.ENOSYS)
            {
                if (TypeOf(context, *candidate) != DirectoryType)
                    return 0;
                error = (long)Errno.EISDIR;
            }

            if (!search)
                return -error;
        }

        return -(long)Errno.ENOENT;
    }

    /// <summary>The launcher has gone since this process waited for its start: stderr is told, and the exit code is runc's.</summary>
    private static void Complain(NativeContext* context, byte* name, long error)
    {
        Write(context, "exec "u8);
        var length = 0;
        while (name[length] != 0)
            length++;
        Call(context, Syscall.write, 2, (long)name, length);
        Write(context, (Errno)(error & ~ControlMessage.LoaderMissing) switch
        {
            Errno.ENOENT => ": no such file or directory\n"u8,
            Errno.EACCES => ": permission denied\n"u8,
            Errno.ENOEXEC => ": exec format error\n"u8,
            Errno.EISDIR => ": is a directory\n"u8,
            Errno.E2BIG => ": argument list too long\n"u8,
            Errno.ENOMEM => ": cannot allocate memory\n"u8,
            _ => ": the kernel refused\n"u8,
        });
        Exit(context, NotExecuted);
    }

    private static void Write(NativeContext* context, ReadOnlySpan<byte> text)
    {
        // A literal lies in the program's own image, which no collection moves.
        fixed (byte* start = text)
        {
            Call(context, Syscall.write, 2, (long)start, text.Length);
        }
    }

    /// <summary>Tells a directory from a file without permission, and a missing interpreter from a missing file.</summary>
    private static long Explain(NativeContext* context, byte* path, long error)
    {
        if (error == (long)Errno.EACCES && TypeOf(context, path) == DirectoryType)
            return (long)Errno.EISDIR;
        return error == (long)Errno.ENOENT && Exists(context, path) ? error | ControlMessage.LoaderMissing : error;
    }

    private static bool Exists(NativeContext* context, byte* path) => TypeOf(context, path) >= 0;

    private static long TypeOf(NativeContext* context, byte* path)
    {
        var status = stackalloc byte[256];
        var result = Call(context, Syscall.statx, AtCurrentDirectory, (long)path, 0, StatxType, (long)status);
        return result < 0 ? result : *(ushort*)(status + StatxModeOffset) & FileTypeMask;
    }

    /// <summary>
    /// A minimal init: every signal that arrives goes to the command, every orphan is reaped, and when the command ends this
    /// process ends with its status as a shell gives it. All signals are blocked since the clone, so none is lost.
    /// </summary>
    private static long InitLoop(NativeContext* context, long command)
    {
        var all = ulong.MaxValue;
        while (true)
        {
            var signal = Call(context, Syscall.rt_sigtimedwait, (long)&all, 0, 0, sizeof(ulong));
            if (signal == SigChld)
                Reap(context, command);
            else if (signal is > 0 and not (SigTtin or SigTtou))
                Call(context, Syscall.kill, command, signal);
        }
    }

    private static void Reap(NativeContext* context, long command)
    {
        int status;
        long pid;
        while ((pid = Call(context, Syscall.wait4, -1, (long)&status, NoHang)) > 0)
        {
            if (pid != command)
                continue;
            var signal = status & 0x7f;
            Exit(context, signal == 0 ? status >> 8 & 0xff : 128 + signal);
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>
/// Runs a setup program in a process that was just cloned from this one. Between the clone and execve it makes system
/// calls and nothing else: no allocation, no exception, no lock, no type whose static constructor could run. The runtime
/// of the copied process is dead weight - its other threads do not exist, so whatever waits for them would wait for ever.
/// </summary>
[SkipLocalsInit]
internal static unsafe partial class Interpreter
{
    private const int SigChld = 17;
    private const int RaceRetries = 100;
    private const int Peek = 2;
    private const int DontWait = 0x40;
    private const int PrCapBsetDrop = 24;
    private const int SetMask = 2;

    /// <summary>Clones this process; the copy runs the program and never returns.</summary>
    /// <param name="context">The program.</param>
    /// <param name="flags">Namespaces to make, and CLONE_PIDFD.</param>
    /// <param name="pidFd">Takes the pidfd.</param>
    /// <returns>The copy's pid, or a negated error number.</returns>
    public static long Clone(NativeContext* context, CloneFlags flags, int* pidFd)
    {
        Resolve();
        var all = ulong.MaxValue;
        ulong before;
        // No handler of the .NET runtime may run in the copy, so the copy starts with every signal blocked.
        Call(context, Syscall.rt_sigprocmask, SetMask, (long)&all, (long)&before, sizeof(ulong));
        var pid = Fork(context, flags, pidFd, context->CgroupAtFirst);
        if (pid == 0)
            Run(context);
        Call(context, Syscall.rt_sigprocmask, SetMask, (long)&before, 0, sizeof(ulong));
        return pid;
    }

    /// <summary>Whether clone3(2) is there: old kernels and seccomp filters say ENOSYS.</summary>
    public static bool HasClone3(NativeContext* context)
    {
        Resolve();
        return Call(context, Syscall.clone3) == -(long)Errno.EINVAL;
    }

    private static long Fork(NativeContext* context, CloneFlags flags, int* pidFd, bool intoCgroup)
    {
        if (!intoCgroup || context->Cgroup < 0)
            return Call(context, Syscall.clone, (long)flags | SigChld, 0, (long)pidFd);
        var arguments = new CloneArguments
        {
            flags = (ulong)(flags | CloneFlags.IntoCgroup),
            pidfd = (ulong)pidFd,
            // A sibling's end is told as the caller's own would be.
            exit_signal = (flags & CloneFlags.Parent) != 0 ? 0 : (ulong)SigChld,
            cgroup = (ulong)context->Cgroup,
        };
        return Call(context, Syscall.clone3, (long)&arguments, sizeof(CloneArguments));
    }

    /// <summary>struct clone_args.</summary>
    private struct CloneArguments
    {
        public ulong flags;
        public ulong pidfd;
        public ulong child_tid;
        public ulong parent_tid;
        public ulong exit_signal;
        public ulong stack;
        public ulong stack_size;
        public ulong tls;
        public ulong set_tid;
        public ulong set_tid_size;
        public ulong cgroup;
    }

    private static void Run(NativeContext* context)
    {
        // With a copy of the launcher's end open here, the launcher's death would never end the wait for it.
        Call(context, Syscall.close, context->ParentEnd);
        for (var index = 0; index < context->Count;)
        {
            var instruction = context->Code + index;
            if (index == context->Halt)
                AwaitKill(context, index);
            Arguments values;
            Load(context, instruction, &values);
            var result = Perform(context, index, instruction, values.Values);
            if (result < 0)
            {
                index = Tolerate(context, index, instruction, -result);
                continue;
            }

            if (instruction->Result >= 0)
                context->Registers[instruction->Result] = result;
            index = instruction->Operation == Operation.Jump || (instruction->Operation == Operation.ForkCommand && result > 0)
                ? instruction->Target
                : index + 1;
        }

        Exit(context, 1);
    }

    private struct Arguments
    {
        public fixed long Values[Instruction.MaximumOperands];
    }

    private static void Load(NativeContext* context, NativeInstruction* instruction, Arguments* into)
    {
        for (var i = 0; i < Instruction.MaximumOperands; i++)
        {
            var value = instruction->Arguments[i];
            into->Values[i] = (instruction->Registers >> i & 1) != 0 ? context->Registers[value] : value;
        }
    }

    /// <summary>Where the program goes on after an error; does not return where the error is a failure.</summary>
    private static int Tolerate(NativeContext* context, int index, NativeInstruction* instruction, long error)
    {
        // Bits above the error number are a detail for the parent, see Execute.
        var known = instruction->AnyError != 0 || instruction->Error1 == error || instruction->Error2 == error
            || instruction->Error3 == error;
        if (!known || instruction->Warn != 0)
            Report(context, known ? MessageKind.Warning : MessageKind.Failed, index, error);
        if (!known)
            Exit(context, 1);
        if (instruction->Result >= 0)
            context->Registers[instruction->Result] = -1;
        return instruction->ErrorTarget >= 0 ? instruction->ErrorTarget : index + 1;
    }

    private static long Perform(NativeContext* context, int index, NativeInstruction* instruction, long* arguments)
    {
        switch (instruction->Operation)
        {
            case Operation.Call:
                return CallRetrying(instruction->Number, arguments, instruction->Number == context->Numbers[(int)Syscall.openat2]);
            case Operation.Jump:
                return 0;
            case Operation.AwaitParent:
                return AwaitParent(context);
            case Operation.EnterCgroup:
                AwaitParent(context);
                return EnterCgroup(context);
            case Operation.AwaitIdMaps:
                Report(context, MessageKind.IdMapsWanted, index, 0);
                return AwaitParent(context);
            case Operation.AwaitHooks:
                Report(context, MessageKind.HooksWanted, index, 0);
                return AwaitParent(context);
            case Operation.CheckParent:
                return CheckParent(context);
            case Operation.ForkStage:
                return ForkStage(context, index);
            case Operation.ResetSignals:
                return ResetSignals(context);
            case Operation.MountPoint:
                return MountPoint(context, (int)arguments[0], (byte*)arguments[1], (MountPointKind)arguments[2], (int)arguments[3]);
            case Operation.DropBounding:
                return DropBounding(context, (ulong)arguments[0]);
            case Operation.CheckFilesystem:
                return CheckFilesystem(context, (int)arguments[0], arguments[1], arguments[2]);
            case Operation.CheckNode:
                return CheckNode(context, (int)arguments[0], (byte*)arguments[1], arguments[2], arguments[3]);
            case Operation.CopyTree:
                return CopyTree(context, (int)arguments[0], (int)arguments[1], 0);
            case Operation.CopyLink:
                return CopyLink(context, (byte*)arguments[0], (int)arguments[1], (byte*)arguments[2]);
            case Operation.SendTerminal:
                return SendDescriptor(context, MessageKind.Terminal, index, (int)arguments[0]);
            case Operation.LoadNotifyingFilter:
                return LoadNotifyingFilter(context, index, arguments[0], arguments[1]);
            case Operation.ReportReady:
                Report(context, MessageKind.Ready, index, 0);
                return 0;
            case Operation.FindCommand:
                return FindCommand(context, (byte**)arguments[0], arguments[1] != 0);
            case Operation.ForkCommand:
                return Call(context, Syscall.clone, SigChld);
            case Operation.SetTitle:
                return SetTitle((byte*)arguments[0], (byte*)arguments[1], (byte*)arguments[2]);
            case Operation.InitLoop:
                return InitLoop(context, arguments[0]);
            default:
                return Execute(context, (byte**)arguments[0], arguments[1], arguments[2], arguments[3] != 0, (byte*)arguments[4]);
        }
    }

    private static long AwaitParent(NativeContext* context)
    {
        byte ignored;
        var count = Read(context, context->Registers[Register.Control.Number], &ignored, 1);
        if (count != 1)
            Exit(context, 1);
        return 0;
    }

    /// <summary>The process moves itself, alone as it is, which the kernel does without a lock of the whole machine ("0" is the writer).</summary>
    private static long EnterCgroup(NativeContext* context)
    {
        var writer = (byte)'0';
        for (var i = 0; i < context->CgroupFileCount; i++)
        {
            var result = Call(context, Syscall.write, context->CgroupFiles[i], (long)&writer, 1);
            if (result < 0)
                return result - ((long)i << ControlMessage.DetailShift);
            Call(context, Syscall.close, context->CgroupFiles[i]);
        }

        return 0;
    }

    /// <summary>For tests of what a killed launcher leaves behind: nothing must run on.</summary>
    private static void AwaitKill(NativeContext* context, int index)
    {
        Report(context, MessageKind.Reached, index, 0);
        AwaitParent(context);
    }

    private static long CheckParent(NativeContext* context)
    {
        byte ignored;
        if (Call(context, Syscall.recvfrom, context->Registers[Register.Control.Number], (long)&ignored, 1, Peek | DontWait) == 0)
            Exit(context, 1);
        return 0;
    }

    private static long ForkStage(NativeContext* context, int index)
    {
        // CLONE_PARENT: the launcher is the next stage's parent too, so it alone waits for it.
        var pid = Fork(context, CloneFlags.Parent, null, intoCgroup: true);
        if (pid <= 0)
            return pid;
        Report(context, MessageKind.NextStage, index, pid);
        Exit(context, 0);
        return 0;
    }

    private static long ResetSignals(NativeContext* context)
    {
        // struct sigaction of the kernel, all zero: SIG_DFL, no flags. SIGKILL and SIGSTOP refuse, which is fine.
        var action = stackalloc long[4];
        for (var i = 0; i < 4; i++)
            action[i] = 0;
        for (var signal = 1; signal <= 64; signal++)
            Call(context, Syscall.rt_sigaction, signal, (long)action, 0, sizeof(ulong));
        return 0;
    }

    private static long DropBounding(NativeContext* context, ulong keep)
    {
        for (var capability = 0; capability < 64; capability++)
        {
            if ((keep >> capability & 1) != 0)
                continue;
            var result = Call(context, Syscall.prctl, PrCapBsetDrop, capability);
            if (result == -(long)Errno.EINVAL)
                break; // The kernel has no capability of this number, nor any above.
            if (result < 0)
                return result;
        }

        return 0;
    }

    /// <summary>Zeroes the command line and environment that the launcher was started with, and leaves the text there.</summary>
    private static long SetTitle(byte* start, byte* end, byte* text)
    {
        for (var at = start; at < end; at++)
            *at = *text != 0 && at + 1 < end ? *text++ : (byte)0;
        return 0;
    }

    private static void Report(NativeContext* context, MessageKind kind, int index, long value)
    {
        var message = new ControlMessage { Kind = kind, Index = index, Value = value };
        Call(context, Syscall.write, context->Registers[Register.Control.Number], (long)&message, sizeof(ControlMessage));
    }

    private static long Read(NativeContext* context, long descriptor, void* buffer, long size)
    {
        long count;
        do
        {
            count = Call(context, Syscall.read, descriptor, (long)buffer, size);
        }
        while (count == -(long)Errno.EINTR);
        return count;
    }

    private static void Exit(NativeContext* context, int status)
    {
        while (true)
            Call(context, Syscall.exit_group, status);
    }

    private static long CallRetrying(int number, long* arguments, bool retryRaces)
    {
        for (var attempt = 0; ; attempt++)
        {
            var result = RawCall(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
            if (result != -1)
                return result;
            var error = *ErrnoLocation();
            // EAGAIN: a rename elsewhere raced with "..", which the kernel asks to try again (openat2(2)).
            var again = error == (int)Errno.EINTR || (retryRaces && error == (int)Errno.EAGAIN && attempt < RaceRetries);
            if (!again)
                return -error;
        }
    }

    private static long Call(NativeContext* context, Syscall call, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0)
    {
        var result = RawCall(context->Numbers[(int)call], a, b, c, d, e, 0);
        return result == -1 ? -*ErrnoLocation() : result;
    }

    /// <summary>Makes the loader bind both imports now: the child could not.</summary>
    private static void Resolve()
    {
        RawCall(SyscallNumber.Of(Syscall.getpid), 0, 0, 0, 0, 0, 0);
        _ = *ErrnoLocation();
    }

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint RawCall(nint number, long a, long b, long c, long d, long e, long f);

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "__errno_location")]
    private static partial int* ErrnoLocation();
}

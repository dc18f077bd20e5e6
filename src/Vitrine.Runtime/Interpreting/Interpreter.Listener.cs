using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>A seccomp filter that asks an agent, and how the agent gets what it listens at.</summary>
internal static unsafe partial class Interpreter
{
    private const int FilterMode = 1; // SECCOMP_SET_MODE_FILTER
    private const int ShareFiles = 0x400; // CLONE_FILES
    private const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC
    private const int GetFlags = 1; // F_GETFD
    private const int SetDeathSignal = 1; // PR_SET_PDEATHSIG
    private const int SigKill = 9;
    private const int AllChildren = 0x40000000; // __WALL
    private const int BadDescriptor = 9;

    /// <summary>
    /// From the moment that the filter is loaded, whatever this process calls may wait for an agent that has no listener yet. So it is
    /// sent by a process that shares the descriptors but not the filter: it sees the listener appear under the number that it must get,
    /// the lowest that is free.
    /// </summary>
    private static long LoadNotifyingFilter(NativeContext* context, int index, long flags, long program)
    {
        var listener = Call(context, Syscall.fcntl, context->Registers[Register.Control.Number], DuplicateCloseOnExec, 0);
        if (listener < 0)
            return listener;
        Call(context, Syscall.close, listener);
        var self = Call(context, Syscall.getpid);
        var sender = Call(context, Syscall.clone, ShareFiles | SigChld);
        if (sender == 0)
            SendWhenLoaded(context, index, (int)listener, self);
        if (sender < 0)
            return sender;
        var loaded = Call(context, Syscall.seccomp, FilterMode, flags, program);
        if (loaded != listener)
            Call(context, Syscall.kill, sender, SigKill);
        Call(context, Syscall.wait4, sender, 0, AllChildren);
        return loaded == listener ? 0 : loaded < 0 ? loaded : -BadDescriptor;
    }

    /// <summary>The sender. It ends with who loads the filter, also where that ended before it could say so.</summary>
    private static void SendWhenLoaded(NativeContext* context, int index, int listener, long loader)
    {
        Call(context, Syscall.prctl, SetDeathSignal, SigKill);
        while (Call(context, Syscall.fcntl, listener, GetFlags) < 0)
        {
            if (Call(context, Syscall.getppid) != loader)
                Exit(context, 1);
            Call(context, Syscall.sched_yield);
        }

        Exit(context, SendDescriptor(context, MessageKind.Listener, index, listener) < 0 ? 1 : 0);
    }
}

using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Runtime;

namespace Vitrine.Shim.Oci;

/// <summary>
/// What a foreground run or exec does until its process ends: passes signals on and, where the process has a terminal, joins
/// that to this process's own.
/// </summary>
internal sealed class ForegroundSession : IDisposable
{
    // Faults of this process itself, job control's stops, what says nothing to the container's process, and what the C library and
    // the .NET runtime have for themselves (32 to 34). Launcher/launcher.c blocks the others before the first thread starts.
    private static readonly int[] s_kept =
    [
        Signals.SIGKILL, Signals.SIGSTOP, Signals.SIGSEGV, Signals.SIGILL, Signals.SIGABRT, Signals.SIGSYS, Signals.SIGPIPE, Signals.SIGCHLD,
        Signals.SIGTTIN, Signals.SIGTTOU, 5 /* TRAP */, 7 /* BUS */, 8 /* FPE */, 32, 33, 34,
    ];

    private readonly SignalFd _signals;

    /// <summary>From now on signals wait to be passed on.</summary>
    public ForegroundSession()
    {
        var passed = new List<int>();
        for (var signal = 1; signal <= Signals.SIGRTMAX; signal++)
            if (Array.IndexOf(s_kept, signal) < 0)
                passed.Add(signal);
        SignalFd.BlockEverywhere(passed);
        _signals = SignalFd.Create(passed);
    }

    /// <summary>Serves the process until it has ended.</summary>
    public ExitStatus Wait(LaunchedProcess process)
    {
        using var proxy = process.TerminalMaster is { } master ? new TerminalProxy(master) : null;
        Span<PollItem> items = stackalloc PollItem[4];
        while (true)
        {
            items[0] = new PollItem(process.PidFd, PollEvents.Read);
            items[1] = new PollItem(_signals.Handle, PollEvents.Read);
            items[2] = new PollItem(proxy?.Input, PollEvents.Read);
            items[3] = new PollItem(proxy?.Output, PollEvents.Read);
            Poll.Wait(items, -1);
            if (items[1].Found != PollEvents.None)
                PassOn(process.PidFd, proxy);
            if (items[2].Found != PollEvents.None)
                proxy!.TakeInput();
            if (items[3].Found != PollEvents.None)
                proxy!.TakeOutput();
            else if (items[0].Found != PollEvents.None)
                return PidFd.Reap(process.PidFd);
        }
    }

    public void Dispose() => _signals.Dispose();

    private void PassOn(SafeFileHandle process, TerminalProxy? proxy)
    {
        while (_signals.Read() is { } signal)
        {
            if (signal == Signals.SIGWINCH && proxy is not null)
                proxy.Resize();
            else
                PidFd.Signal(process, signal);
        }
    }
}

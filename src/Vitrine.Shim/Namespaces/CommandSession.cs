using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Runtime;

namespace Vitrine.Shim.Namespaces;

/// <summary>
/// What this process does while its command runs, so that a shell or a script sees no difference to having started the command
/// itself: it passes signals on, stops when the command is stopped, and ends as the command did.
/// </summary>
internal sealed class CommandSession : IDisposable
{
    // Faults of this process itself, and what cannot be caught; 32 and 33 are the C library's.
    private static readonly int[] s_own =
    [
        Signals.SIGKILL, Signals.SIGSTOP, Signals.SIGSEGV, Signals.SIGILL, Signals.SIGABRT, Signals.SIGSYS, Signals.SIGPIPE,
        5 /* TRAP */, 7 /* BUS */, 8 /* FPE */, 32, 33,
    ];

    private readonly SignalFd _signals;

    /// <summary>From now on signals wait to be passed on.</summary>
    public CommandSession()
    {
        var taken = new List<int>();
        for (var signal = 1; signal <= Signals.SIGRTMAX; signal++)
        {
            if (Array.IndexOf(s_own, signal) < 0)
                taken.Add(signal);
        }

        SignalFd.BlockEverywhere(taken);
        _signals = SignalFd.Create(taken);
    }

    /// <summary>Serves the command until it has ended.</summary>
    /// <returns>Its exit code. Where a signal ended it, that signal ends this process too.</returns>
    public int Wait(LaunchedProcess command)
    {
        Span<PollItem> items = stackalloc PollItem[2];
        while (true)
        {
            items[0] = new PollItem(command.PidFd, PollEvents.Read);
            items[1] = new PollItem(_signals.Handle, PollEvents.Read);
            Poll.Wait(items, -1);
            if (items[1].Found != PollEvents.None)
                Take(command.PidFd);
            if (items[0].Found == PollEvents.None)
                continue;
            var end = PidFd.Reap(command.PidFd);
            if (end.Signal is { } signal)
                ThisProcess.EndBy(signal);
            return end.Code;
        }
    }

    public void Dispose() => _signals.Dispose();

    private void Take(SafeFileHandle command)
    {
        while (_signals.Read(out var fromKernel) is { } signal)
        {
            if (signal == Signals.SIGCHLD)
                FollowStop(command);
            else if (!fromKernel)
                PidFd.Signal(command, signal);
            // A key of the terminal reaches the command too: it is in the same process group.
        }
    }

    private static void FollowStop(SafeFileHandle command)
    {
        if (!PidFd.TakeStop(command))
            return;
        ThisProcess.Stop();
        // Continued by the shell, which continues the whole group; or by somebody who knows this process alone.
        PidFd.Signal(command, Signals.SIGCONT);
    }
}

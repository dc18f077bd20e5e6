using System.Runtime.InteropServices;
using Vitrine.Linux;

namespace Vitrine.Cli.Attaching;

/// <summary>Catches signals sent to the CLI while it is attached. Disposing gives them back their effect.</summary>
internal sealed class SignalForwarder : IDisposable
{
    /// <summary>What docker passes on, of the signals a program can catch: those that people and service managers send.</summary>
    private static readonly int[] s_forwarded =
        [Signals.SIGHUP, Signals.SIGINT, Signals.SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, Signals.SIGTERM, Signals.SIGCONT, Signals.SIGTSTP];

    private static readonly int[] s_fatal = [Signals.SIGHUP, Signals.SIGINT, Signals.SIGQUIT, Signals.SIGTERM];

    private const int EnoughRequests = 3;
    private const int SIGUSR1 = 10;
    private const int SIGUSR2 = 12;
    private const int SIGALRM = 14;

    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Catches the signals that are for the container's process.</summary>
    /// <param name="send">Sends one.</param>
    /// <param name="insisted">Called at the third SIGINT or SIGTERM: the process does not heed them, and the user wants to leave.</param>
    public SignalForwarder ForwardTo(Action<int> send, Action insisted)
    {
        var requests = 0;
        foreach (var signal in s_forwarded)
        {
            Catch(signal, () =>
            {
                if (signal is Signals.SIGINT or Signals.SIGTERM && Interlocked.Increment(ref requests) == EnoughRequests)
                    insisted();
                else
                    send(signal);
            });
        }

        return this;
    }

    /// <summary>Catches the change of the terminal's size.</summary>
    public SignalForwarder OnResize(Action resized)
    {
        Catch(Signals.SIGWINCH, resized);
        return this;
    }

    /// <summary>Gives a terminal in raw mode back before a signal ends the program.</summary>
    public SignalForwarder RestoreBeforeDeath(TerminalMode rawMode)
    {
        foreach (var signal in s_fatal)
        {
            Catch(signal, () =>
            {
                rawMode.Restore();
                Environment.Exit(128 + signal);
            });
        }

        return this;
    }

    public void Dispose() => _registrations.ForEach(r => r.Dispose());

    private void Catch(int signal, Action handle) => _registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, context =>
    {
        context.Cancel = true;
        handle();
    }));
}

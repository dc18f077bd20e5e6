using Vitrine.Commands.Output;
using Vitrine.Engine;
using Vitrine.Linux;

namespace Vitrine.Cli.Attaching;

/// <summary>How the CLI's streams and a container's are to be joined.</summary>
internal sealed record RelayOptions
{
    public bool Stdin { get; init; }

    /// <summary>Pass signals on to the process; only without a terminal, whose keys send them already.</summary>
    public bool ForwardSignals { get; init; } = true;

    public byte[] DetachKeys { get; init; } = Engine.Attaching.DetachKeys.Parse(null);
}

/// <summary>Joins the CLI's standard streams to a container's first process until it ends or the user detaches.</summary>
internal sealed class ContainerRelay(Screen screen, ContainerSession session, RelayOptions options)
{
    /// <summary>Relays.</summary>
    /// <returns>How the process ended, or null where the user detached or the connection was lost.</returns>
    public Engine.ExitStatus? Run()
    {
        using var detach = new CancellationTokenSource();
        using var rawMode = EnterRawMode();
        using var signals = CatchSignals(rawMode);
        if (options.Stdin)
            StartInput(detach);
        try
        {
            // On this thread: it has nothing else to do, and only input can ask to detach.
            return session.Read(Write, options.Stdin ? detach.Token : CancellationToken.None);
        }
        catch (OperationCanceledException) when (detach.IsCancellationRequested)
        {
            session.Detach();
            rawMode?.Restore();
            screen.Error.WriteLine("\nread escape sequence");
            return null;
        }
    }

    private TerminalMode? EnterRawMode() =>
        session.Tty && options.Stdin && screen.InputIsTerminal ? TerminalMode.EnterRaw(Fd.StandardInput) : null;

    private SignalForwarder CatchSignals(TerminalMode? rawMode)
    {
        var signals = new SignalForwarder();
        if (!session.Tty)
            return options.ForwardSignals ? signals.ForwardTo(Send, Leave) : signals;
        if (rawMode is not null)
            signals.RestoreBeforeDeath(rawMode);
        return screen.OutputIsTerminal ? signals.OnResize(Resize) : signals;
    }

    private void StartInput(CancellationTokenSource detach) => InputPump.Start(
        Fd.StandardInput,
        session.Tty ? options.DetachKeys : null,
        data => session.WriteStdinAsync(data).AsTask().GetAwaiter().GetResult(),
        () => session.CloseStdinAsync().AsTask().GetAwaiter().GetResult(),
        detach.Cancel);

    private static void Write(OutputStream stream, ReadOnlyMemory<byte> data) =>
        Fd.WriteAll(stream == OutputStream.Stderr ? Fd.StandardError : Fd.StandardOutput, data.Span);

    private void Resize()
    {
        if (Terminal.GetSize(Fd.StandardOutput) is { } size)
            Try(() => session.ResizeAsync(size.Rows, size.Columns));
    }

    private void Send(int signal) => Try(() => session.SignalAsync(signal));

    private void Leave()
    {
        screen.Error.WriteLine("\ngot 3 SIGTERM/SIGINTs, forcefully exiting");
        Environment.Exit(1);
    }

    private static void Try(Func<ValueTask> request)
    {
        try
        {
            request().AsTask().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is IOException or VitrineException or ObjectDisposedException)
        {
            // The process has just ended; its exit is on the way.
        }
    }
}

using Microsoft.Win32.SafeHandles;
using Vitrine.Commands.Output;
using Vitrine.Engine;
using Vitrine.Linux;

namespace Vitrine.Cli.Attaching;

/// <summary>Joins the CLI's terminal to the terminal of a process started by exec.</summary>
internal sealed class ExecRelay(Screen screen, ExecSession session, bool stdin, byte[] detachKeys)
{
    private readonly TaskCompletionSource<Engine.ExitStatus?> _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Relays until the process has ended or the user detaches.</summary>
    /// <returns>How the process ended, or null where the user detached.</returns>
    public async Task<Engine.ExitStatus?> RunAsync()
    {
        var terminal = session.Terminal!;
        Resize();
        using var rawMode = stdin && screen.InputIsTerminal ? TerminalMode.EnterRaw(Fd.StandardInput) : null;
        using var signals = new SignalForwarder();
        if (rawMode is not null)
            signals.RestoreBeforeDeath(rawMode);
        if (screen.OutputIsTerminal)
            signals.OnResize(Resize);
        var output = StartOutput(terminal);
        if (stdin)
            InputPump.Start(Fd.StandardInput, detachKeys, data => Fd.WriteAll(terminal, data.Span), () => { }, () => _left.TrySetResult(null));
        var ended = await await Task.WhenAny(Nullable(session.WaitAsync()), _left.Task);
        if (ended is not null)
            await Task.WhenAny(output, _left.Task);
        rawMode?.Restore();
        if (ended is null)
            session.Detach();
        if (ended is null)
            screen.Error.WriteLine("\nread escape sequence");
        return ended;
    }

    /// <summary>Copies what the process writes; ends when the last process has closed the terminal.</summary>
    private static Task StartOutput(SafeFileHandle terminal)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Copy(terminal, done)) { IsBackground = true, Name = "terminal" };
        thread.Start();
        return done.Task;
    }

    private static void Copy(SafeFileHandle terminal, TaskCompletionSource done)
    {
        var buffer = new byte[32 << 10];
        try
        {
            while (Fd.Read(terminal, buffer) is > 0 and var count)
                Fd.WriteAll(Fd.StandardOutput, buffer.AsSpan(0, count));
            done.TrySetResult();
        }
        catch (LinuxException e) when (e.Errno == Errno.EIO)
        {
            // How a terminal's master tells that nobody has the other side open any more.
            done.TrySetResult();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            done.TrySetException(e);
        }
    }

    private void Resize()
    {
        if (Terminal.GetSize(Fd.StandardOutput) is not { } size)
            return;
        try
        {
            session.Resize(size.Rows, size.Columns);
        }
        catch (LinuxException)
        {
            // The process has just ended.
        }
    }

    private static async Task<Engine.ExitStatus?> Nullable(Task<Engine.ExitStatus> status) => await status;
}

using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Glass.Labs;

/// <summary>How a script ended.</summary>
/// <param name="ExitCode">As a shell gives it.</param>
/// <param name="Output">What it said, the end of it where that was much.</param>
/// <param name="TimedOut">Whether it was killed because it took too long.</param>
internal sealed record LabOutcome(int ExitCode, string Output, bool TimedOut)
{
    public bool Succeeded => ExitCode == 0 && !TimedOut;
}

/// <summary>Runs scripts and shells in a sandbox.</summary>
internal sealed class LabShell(LabSandbox sandbox, CancellationToken cancellation)
{
    private const int Tick = 20;
    private const int InterruptGrace = 500;

    /// <summary>Runs a script by <c>sh -eu</c>. Its output is a file, so that what it starts in the background may go on writing.</summary>
    /// <param name="name">What its file is called in <see cref="LabPaths.Steps"/>.</param>
    /// <param name="text">The commands.</param>
    /// <param name="limit">After this it is killed.</param>
    /// <param name="line">Told each line as it comes.</param>
    /// <param name="added">Further variables.</param>
    /// <exception cref="OperationCanceledException">Interrupted; the script was killed.</exception>
    public LabOutcome Run(string name, string text, TimeSpan limit, Action<string>? line = null, params ReadOnlySpan<string> added)
    {
        using (var script = sandbox.OpenStepFile(name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate))
            Fd.WriteAll(script, Encoding.UTF8.GetBytes(text + "\n"));
        using var output = sandbox.OpenStepFile(OutputOf(name), OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.Append);
        using var reader = sandbox.OpenStepFile(OutputOf(name), OpenFlags.ReadOnly);
        var tail = new OutputTail(reader, line);
        using var process = sandbox.Start(["sh", "-eu", $"{LabPaths.Steps}/{name}"],
            new Dictionary<int, SafeFileHandle> { [1] = output, [2] = output }, added);
        var end = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (Poll.Wait(process.PidFd, PollEvents.Read, Tick) == PollEvents.None)
        {
            tail.Take();
            if (!cancellation.IsCancellationRequested && Environment.TickCount64 < end)
                continue;
            process.Kill();
            process.Wait();
            cancellation.ThrowIfCancellationRequested();
            tail.Finish();
            return new LabOutcome(128 + Signals.SIGKILL, tail.Text, TimedOut: true);
        }

        var code = process.Wait().Code;
        // Ctrl-C reaches the script too, which may end before this program has heard of it.
        if (code == 128 + Signals.SIGINT)
            cancellation.WaitHandle.WaitOne(InterruptGrace);
        cancellation.ThrowIfCancellationRequested();
        tail.Finish();
        return new LabOutcome(code, tail.Text, TimedOut: false);
    }

    /// <summary>Where a script's output is, as the sandbox calls it.</summary>
    public static string OutputPath(string name) => $"{LabPaths.Steps}/{OutputOf(name)}";

    /// <summary>A shell for the user, on the terminal.</summary>
    public void Interact()
    {
        var hasBash = LabProgram.Find("bash") is not null;
        var streams = new Dictionary<int, SafeFileHandle> { [0] = Fd.StandardInput, [1] = Fd.StandardOutput, [2] = Fd.StandardError };
        using var process = sandbox.Start(hasBash ? ["bash", "--norc", "-i"] : ["sh", "-i"], streams, "PS1=lab# ");
        process.Wait();
        Terminal.TakeForeground(Fd.StandardInput);
    }

    private static string OutputOf(string name) => $"{name}.out";
}

using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>
/// Starts programs with posix_spawn(3), which is safe in a process with threads and fast in one with much memory.
/// Not System.Diagnostics.Process, which reaps children it did not start.
/// </summary>
public static class Spawn
{
    /// <summary>Starts a program. The caller must wait for it, or be gone before it.</summary>
    /// <exception cref="LinuxException">It cannot be started: ENOENT, EACCES, ENOEXEC, E2BIG...</exception>
    public static SpawnedProcess Start(SpawnRequest request)
    {
        using var plan = new SpawnPlan();
        plan.SetSignals(request.BlockedSignals, request.NewSession);
        if (request.WorkingDirectory is { } directory)
            plan.ChangeDirectory(directory);
        plan.MapDescriptors(request.Descriptors);

        using var arguments = new CStringArray(request.Arguments.Count > 0 ? request.Arguments : [request.Program]);
        using var environment = request.Environment is { } own ? new CStringArray(own) : null;
        return new SpawnedProcess(plan.Spawn(request, arguments, environment));
    }

    /// <summary>Runs a program to its end: feeds it <paramref name="input"/> and collects what it says.</summary>
    /// <param name="arguments">The program, looked up in PATH, and its arguments.</param>
    /// <param name="input">Its whole stdin.</param>
    /// <param name="limit">The most bytes of stdout and stderr each that are kept; a program that says more is killed.</param>
    /// <param name="timeout">Milliseconds after which it is killed; -1 is never.</param>
    /// <exception cref="LinuxException">It cannot be started; ETIMEDOUT where it took too long, EMSGSIZE where it said too much.</exception>
    public static CapturedRun Run(IReadOnlyList<string> arguments, ReadOnlySpan<byte> input = default,
        int limit = 1 << 20, int timeout = 60_000)
    {
        using var stdin = Pipe.Create();
        using var stdout = Pipe.Create();
        using var stderr = Pipe.Create();
        using var process = Start(new SpawnRequest
        {
            Program = arguments[0],
            Arguments = arguments,
            SearchPath = true,
            Descriptors = new Dictionary<int, SafeFileHandle> { [0] = stdin.Reader, [1] = stdout.Writer, [2] = stderr.Writer },
        });
        stdin.Reader.Dispose();
        stdout.Writer.Dispose();
        stderr.Writer.Dispose();

        var capture = new Capture(stdin.Writer, stdout.Reader, stderr.Reader, limit);
        var failure = capture.Exchange(input, timeout);
        if (failure is null && Poll.Wait(process.PidFd, PollEvents.Read, timeout) == PollEvents.None)
            failure = Errno.ETIMEDOUT;
        if (failure is { } reason)
        {
            process.Kill();
            process.Wait();
            throw new LinuxException("run", arguments[0], reason);
        }
        return new CapturedRun(process.Wait(), capture.Output, capture.Errors);
    }
}

/// <summary>How a program run by <see cref="Spawn.Run"/> ended and what it said.</summary>
public sealed record CapturedRun(ExitStatus Status, byte[] Output, byte[] Errors)
{
    public int ExitCode => Status.Code;
}

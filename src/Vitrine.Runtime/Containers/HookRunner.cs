using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime.Containers;

/// <summary>
/// Runs hooks one after another (runtime-spec config.md, POSIX-platform Hooks), each with the container's state on its stdin.
/// All are run by the launcher, so that a time limit holds whatever the hook does.
/// </summary>
/// <param name="state">The container's state as JSON.</param>
public sealed class HookRunner(byte[] state)
{
    private const int KeptOutput = 4096;

    /// <summary>Starts a hook with its stdin and the file for what it says.</summary>
    private delegate (SafeFileHandle PidFd, IDisposable Owner) Starter(SafeFileHandle input, SafeFileHandle output);

    /// <summary>In the runtime's own namespaces.</summary>
    /// <exception cref="VitrineException">One failed; those after it were not run.</exception>
    public void OnHost(string kind, IReadOnlyList<Hook>? hooks) => Each(kind, hooks, hook => (input, output) =>
    {
        var process = Spawn.Start(new SpawnRequest
        {
            Program = hook.Path,
            Arguments = hook.Args ?? [hook.Path],
            Environment = hook.Env ?? [],
            Descriptors = new Dictionary<int, SafeFileHandle> { [0] = input, [1] = output, [2] = output },
        });
        return (process.PidFd, process);
    });

    /// <summary>In the container's namespaces.</summary>
    /// <param name="kind">The kind, for messages.</param>
    /// <param name="hooks">The hooks.</param>
    /// <param name="compile">Makes a hook's program.</param>
    /// <param name="cgroup">The cgroup to run in; the runtime's own where null.</param>
    /// <exception cref="VitrineException">One failed; those after it were not run.</exception>
    public void InContainer(string kind, IReadOnlyList<Hook>? hooks, Func<Hook, SetupProgram> compile, ContainerCgroup? cgroup) =>
        Each(kind, hooks, hook => (input, output) =>
        {
            var process = Launcher.Launch(compile(hook), new StandardIo(input, output, output), cgroup);
            return (process.PidFd, process);
        });

    private void Each(string kind, IReadOnlyList<Hook>? hooks, Func<Hook, Starter> starter)
    {
        for (var i = 0; i < hooks?.Count; i++)
        {
            try
            {
                Run(hooks[i], starter(hooks[i]));
            }
            catch (Exception e) when (e is IOException or VitrineException)
            {
                throw new VitrineException(ErrorKind.Internal, $"error running {kind} hook #{i}: {e.Message}", e);
            }
        }
    }

    private void Run(Hook hook, Starter start)
    {
        using var output = MemFd.Create("hook-output");
        using var stdin = Pipe.Create();
        var (pidFd, owner) = start(stdin.Reader, output);
        using (owner)
        {
            stdin.Reader.Dispose();
            var deadline = hook.Timeout is { } seconds ? Environment.TickCount64 + 1000L * seconds : long.MaxValue;
            var ended = Feed(stdin.Writer, pidFd, deadline);
            if (!ended)
                PidFd.Signal(pidFd, Signals.SIGKILL);
            var status = PidFd.Reap(pidFd);
            if (!ended)
                throw new VitrineException(ErrorKind.Internal, $"hook {hook.Path} ran past its timeout of {hook.Timeout} s");
            if (status.Code != 0)
                throw new VitrineException(ErrorKind.Internal, $"{hook.Path}: {Describe(status)}, output: {Said(output)}");
        }
    }

    /// <summary>Writes the state while the hook reads it, and waits for its end; false where time ran out.</summary>
    private bool Feed(SafeFileHandle writer, SafeFileHandle pidFd, long deadline)
    {
        Fd.SetNonBlocking(writer);
        ReadOnlySpan<byte> rest = state;
        Span<PollItem> items = stackalloc PollItem[2];
        while (true)
        {
            items[0] = new PollItem(pidFd, PollEvents.Read);
            items[1] = new PollItem(rest.IsEmpty ? null : writer, PollEvents.Write);
            var wait = deadline == long.MaxValue ? -1 : (int)Math.Clamp(deadline - Environment.TickCount64, 0, int.MaxValue);
            if (Poll.Wait(items, wait) == 0)
                return false;
            if (items[0].Found != PollEvents.None)
                return true;
            rest = Write(writer, rest);
            if (rest.IsEmpty)
                writer.Dispose();
        }
    }

    /// <summary>What is left to write; nothing where the hook does not read.</summary>
    private static ReadOnlySpan<byte> Write(SafeFileHandle writer, ReadOnlySpan<byte> rest)
    {
        try
        {
            return rest[Math.Max(0, Fd.Write(writer, rest))..];
        }
        catch (LinuxException e) when (e.Errno == Errno.EPIPE)
        {
            return [];
        }
    }

    private static string Describe(ExitStatus status) =>
        status.Signal is { } signal ? $"killed by {Signals.Name(signal)}" : $"exit status {status.Code}";

    private static string Said(SafeFileHandle output)
    {
        Span<byte> buffer = stackalloc byte[KeptOutput];
        var text = Encoding.UTF8.GetString(buffer[..RandomAccess.Read(output, buffer, 0)]).Trim();
        return text.Length == 0 ? "none" : text;
    }
}

using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>A child started by <see cref="Spawn"/>, held by a pidfd so that a reused pid is never waited for or killed.</summary>
public sealed class SpawnedProcess : IDisposable
{
    private ExitStatus? _status;

    /// <summary>Takes over a child of this process that nobody else waits for.</summary>
    /// <exception cref="LinuxException">No descriptor is left.</exception>
    internal SpawnedProcess(int pid)
    {
        Pid = pid;
        PidFd = Linux.PidFd.Open(pid);
    }

    public int Pid { get; }

    /// <summary>Readable (poll, epoll) when the process has ended.</summary>
    public SafeFileHandle PidFd { get; }

    /// <summary>Waits for the end and reaps. Further calls give the same answer.</summary>
    /// <exception cref="LinuxException">Somebody else reaped the child (ECHILD).</exception>
    public ExitStatus Wait() => _status ??= Linux.PidFd.Reap(PidFd);

    /// <summary>Reaps if it has ended; null while it runs.</summary>
    /// <exception cref="LinuxException">Somebody else reaped the child (ECHILD).</exception>
    public ExitStatus? TryWait() => _status ??= Linux.PidFd.TryReap(PidFd);

    /// <summary>Sends a signal; nothing happens where the process has ended.</summary>
    /// <exception cref="LinuxException">Not allowed, or no such signal.</exception>
    public void Kill(int signal = Signals.SIGKILL) => Linux.PidFd.Signal(PidFd, signal);

    /// <summary>Lets go of the process, which runs on; reaps it where it has ended.</summary>
    public void Dispose()
    {
        try
        {
            if (!PidFd.IsClosed)
                TryWait();
        }
        catch (LinuxException)
        {
            // Reaped by another: nothing is left to let go of.
        }
        PidFd.Dispose();
    }
}

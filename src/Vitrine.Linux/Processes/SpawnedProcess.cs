using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>A child started by <see cref="Spawn"/>, held by a pidfd so that a reused pid is never waited for or killed.</summary>
public sealed partial class SpawnedProcess : IDisposable
{
    private const int ByPidFd = 3;
    private const int NoHang = 1;
    private const int Exited = 4;
    private const int PidFdOpenNumber = 434;
    private const int PidFdSendSignalNumber = 424;
    private const int Sigkill = 9;

    private ExitStatus? _status;

    /// <summary>Takes over a child of this process that nobody else waits for.</summary>
    /// <exception cref="LinuxException">No descriptor is left.</exception>
    internal SpawnedProcess(int pid)
    {
        Pid = pid;
        var descriptor = Check.Result(PidFdOpen(PidFdOpenNumber, pid, 0), "pidfd_open");
        PidFd = new SafeFileHandle((nint)descriptor, ownsHandle: true);
    }

    public int Pid { get; }

    /// <summary>Readable (poll, epoll) when the process has ended.</summary>
    public SafeFileHandle PidFd { get; }

    /// <summary>Waits for the end and reaps. Further calls give the same answer.</summary>
    /// <exception cref="LinuxException">Somebody else reaped the child (ECHILD).</exception>
    public ExitStatus Wait() => _status ??= WaitId(Exited)!.Value;

    /// <summary>Reaps if it has ended; null while it runs.</summary>
    /// <exception cref="LinuxException">Somebody else reaped the child (ECHILD).</exception>
    public ExitStatus? TryWait() => _status ??= WaitId(Exited | NoHang);

    /// <summary>Sends a signal; nothing happens where the process has ended.</summary>
    /// <exception cref="LinuxException">Not allowed, or no such signal.</exception>
    public void Kill(int signal = Sigkill)
    {
        if (PidFdSendSignal(PidFdSendSignalNumber, PidFd, signal, 0, 0) == -1 && Check.LastErrno is not Errno.ESRCH)
            throw new LinuxException("pidfd_send_signal", null, Check.LastErrno);
    }

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

    private unsafe ExitStatus? WaitId(int options)
    {
        SignalInfo info = default;
        while (WaitIdCall(ByPidFd, PidFd, &info, options) == -1)
        {
            if (Check.LastErrno is not Errno.EINTR)
                throw new LinuxException("waitid", $"pid {Pid}", Check.LastErrno);
        }
        return info.Pid == 0 ? null : ExitStatus.FromWait(info.Code, info.Status);
    }

    /// <summary>siginfo_t as waitid(2) fills it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct SignalInfo
    {
        [FieldOffset(8)]
        public int Code;

        [FieldOffset(16)]
        public int Pid;

        [FieldOffset(24)]
        public int Status;
    }

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static unsafe partial int WaitIdCall(int type, SafeFileHandle pidFd, SignalInfo* info, int options);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint PidFdOpen(nint number, int pid, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint PidFdSendSignal(nint number, SafeFileHandle pidFd, int signal, nint info, uint flags);
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>Processes by descriptor (pidfd_open(2)): never another process that got the same number.</summary>
public static unsafe partial class PidFd
{
    private const int ByPidFd = 3;
    private const int NoHang = 1;
    private const int Stopped = 2;
    private const int Exited = 4;

    /// <summary>A pidfd of a process; pollable for its end.</summary>
    /// <exception cref="LinuxException">ESRCH where there is no such process.</exception>
    public static SafeFileHandle Open(int pid)
    {
        var descriptor = Call(SyscallNumber.Of(Syscall.pidfd_open), pid, 0, 0, 0);
        return new SafeFileHandle((nint)Check.Result(descriptor, "pidfd_open", $"pid {pid}"), ownsHandle: true);
    }

    /// <summary>Sends a signal; false where the process has ended.</summary>
    /// <exception cref="LinuxException">Not allowed, or no such signal.</exception>
    public static bool Signal(SafeFileHandle pidFd, int signal)
    {
        if (Call(SyscallNumber.Of(Syscall.pidfd_send_signal), pidFd, signal, 0, 0) == 0)
            return true;
        return Check.LastErrno == Errno.ESRCH ? false : throw new LinuxException("pidfd_send_signal", null, Check.LastErrno);
    }

    /// <summary>Waits for the end of a child and reaps it.</summary>
    /// <exception cref="LinuxException">ECHILD where it is no child of this process, or was reaped.</exception>
    public static ExitStatus Reap(SafeFileHandle pidFd) => Wait(pidFd, Exited)!.Value;

    /// <summary>Reaps a child that has ended; null while it runs.</summary>
    /// <exception cref="LinuxException">ECHILD where it is no child of this process, or was reaped.</exception>
    public static ExitStatus? TryReap(SafeFileHandle pidFd) => Wait(pidFd, Exited | NoHang);

    /// <summary>Whether a child has stopped since this was asked last; false also for one that has ended.</summary>
    public static bool TakeStop(SafeFileHandle pidFd)
    {
        SignalInfo info = default;
        return WaitId(ByPidFd, pidFd, &info, Stopped | NoHang) == 0 && info.Pid != 0;
    }

    private static ExitStatus? Wait(SafeFileHandle pidFd, int options)
    {
        SignalInfo info = default;
        while (WaitId(ByPidFd, pidFd, &info, options) == -1)
        {
            if (Check.LastErrno != Errno.EINTR)
                throw new LinuxException("waitid", null, Check.LastErrno);
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
    private static partial int WaitId(int type, SafeFileHandle pidFd, SignalInfo* info, int options);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint a, nint b, nint c, nint d);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, SafeFileHandle pidFd, nint b, nint c, nint d);
}

using System.Runtime.InteropServices;

namespace Vitrine.Linux.Seccomp;

/// <summary>A filter as the kernel has it.</summary>
/// <param name="Program">struct sock_filter each.</param>
/// <param name="Flags">Of its flags, the kernel tells only whether it logs; null where it tells none (before 4.16).</param>
public sealed record DumpedFilter(byte[] Program, SeccompFlags? Flags);

/// <summary>
/// Reads the filters of a running process (ptrace(2), PTRACE_SECCOMP_GET_FILTER), which the kernel shows to root's tracer alone. The
/// thread is attached to without a signal (PTRACE_SEIZE), stopped for well below a millisecond, and let go where it was;
/// should this process die meanwhile, the kernel lets it go. A call that it waits in may be interrupted (EINTR), as by
/// SIGSTOP and SIGCONT: signal(7) names the few that are not begun again by the kernel.
/// </summary>
public static unsafe partial class FilterDump
{
    private const int Seize = 0x4206;
    private const int Interrupt = 0x4207;
    private const int GetFilter = 0x420c;
    private const int GetMetadata = 0x420d;
    private const int Detach = 17;
    private const int StopEvent = 128;
    private const int WaitAll = 0x40000000;
    private const int NoHang = 1;

    /// <summary>The filters, the newest first, which is asked first.</summary>
    /// <param name="pid">The process, or one of its threads.</param>
    /// <param name="patience">How long it may take to stop: for ever where it is frozen.</param>
    /// <exception cref="LinuxException">EPERM, EACCES: not allowed; ESRCH: gone; EINVAL: it has no filter; EBUSY: it did not stop.</exception>
    public static IReadOnlyList<DumpedFilter> Read(int pid, TimeSpan patience)
    {
        Check.Result(Trace(Seize, pid, 0, null), $"ptrace PTRACE_SEIZE of process {pid}");
        Check.Result(Trace(Interrupt, pid, 0, null), $"ptrace PTRACE_INTERRUPT of process {pid}");
        var signal = AwaitStop(pid, patience);
        try
        {
            var filters = new List<DumpedFilter>();
            while (TryGet(pid, filters.Count, out var program))
                filters.Add(new DumpedFilter(program, FlagsOf(pid, filters.Count)));
            return filters;
        }
        finally
        {
            _ = Trace(Detach, pid, 0, (void*)signal);
        }
    }

    /// <summary>Waits for the stop.</summary>
    /// <returns>The signal that it stopped for and is still to get; 0 where only we stopped it.</returns>
    private static nint AwaitStop(int pid, TimeSpan patience)
    {
        var deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        int status;
        int changed;
        while ((changed = WaitPid(pid, &status, WaitAll | NoHang)) == 0)
        {
            if (Environment.TickCount64 > deadline)
                throw new LinuxException("stop", $"process {pid}", Errno.EBUSY);
            Thread.Sleep(1);
        }

        if (changed < 0 || (status & 0xFF) != 0x7F)
            throw new LinuxException("stop", $"process {pid}", Errno.ESRCH);
        return status >> 16 == StopEvent ? 0 : status >> 8 & 0xFF;
    }

    private static bool TryGet(int pid, int index, out byte[] program)
    {
        var count = Trace(GetFilter, pid, index, null);
        program = [];
        if (count < 0 && Check.LastErrno == Errno.ENOENT)
            return false;
        Check.Result((int)count, $"ptrace PTRACE_SECCOMP_GET_FILTER of process {pid}");
        program = new byte[count * SeccompProgram.InstructionSize];
        fixed (byte* start = program)
            Check.Result((int)Trace(GetFilter, pid, index, start), $"ptrace PTRACE_SECCOMP_GET_FILTER of process {pid}");
        return true;
    }

    private static SeccompFlags? FlagsOf(int pid, int index)
    {
        var metadata = stackalloc ulong[2] { (ulong)index, 0 };
        return Trace(GetMetadata, pid, 2 * sizeof(ulong), metadata) > 0 ? (SeccompFlags)metadata[1] : null;
    }

    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    private static partial nint Trace(nint request, nint pid, nint address, void* data);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int pid, int* status, int options);
}

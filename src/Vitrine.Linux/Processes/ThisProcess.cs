using System.Runtime.InteropServices;

namespace Vitrine.Linux;

/// <summary>What a supervisor sets about itself.</summary>
public static unsafe partial class ThisProcess
{
    private const int SetChildSubreaper = 36;
    private const int SetDumpable = 4;
    private const nint DefaultHandler = 0;
    private const int AnyChild = 0;
    private const int Exited = 4;
    private const int NoHang = 1;

    /// <summary>Orphans among this process's descendants become its children (PR_SET_CHILD_SUBREAPER), to be reaped by it.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void BecomeSubreaper() => Check.Result(Prctl(SetChildSubreaper, 1, 0, 0, 0), "prctl PR_SET_CHILD_SUBREAPER");

    /// <summary>Reaps one child that has ended, whichever.</summary>
    /// <returns>Its pid and how it ended; null where none has ended.</returns>
    /// <exception cref="LinuxException">The call failed for another reason than that there is no child.</exception>
    public static (int Pid, ExitStatus Status)? ReapAny()
    {
        SignalInfo info = default;
        while (WaitId(AnyChild, 0, &info, Exited | NoHang) == -1)
        {
            switch (Check.LastErrno)
            {
                case Errno.EINTR: continue;
                case Errno.ECHILD: return null;
                default: throw new LinuxException("waitid", null, Check.LastErrno);
            }
        }
        return info.Pid == 0 ? null : (info.Pid, ExitStatus.FromWait(info.Code, info.Status));
    }

    /// <summary>Replaces this process by another run of the same program; pid, descriptors and signal mask stay.</summary>
    /// <exception cref="LinuxException">It could not be executed.</exception>
    public static void ExecuteAgain(IReadOnlyList<string> arguments) => Execute("/proc/self/exe", arguments);

    /// <summary>
    /// Replaces this process by another program (execv(3)); pid, environment, signal mask and descriptors without close-on-exec
    /// stay. Returns only by an exception.
    /// </summary>
    /// <param name="path">Its file.</param>
    /// <param name="arguments">Its arguments, its own name first.</param>
    /// <exception cref="LinuxException">It could not be executed.</exception>
    public static void Execute(string path, IReadOnlyList<string> arguments)
    {
        using var list = new CStringArray(arguments);
        ExecV(path, list.Pointer);
        throw new LinuxException("execv", path, Check.LastErrno);
    }

    /// <summary>The real user of this process.</summary>
    public static uint UserId => GetUserId();

    /// <summary>The real group of this process.</summary>
    public static uint GroupId => GetGroupId();

    /// <summary>Ends this process by SIGKILL, as a crash would: for tests.</summary>
    public static void Die() => _ = Kill(Environment.ProcessId, Signals.SIGKILL);

    /// <summary>Stops this process until it is continued (SIGSTOP), as job control does.</summary>
    public static void Stop() => _ = Kill(Environment.ProcessId, Signals.SIGSTOP);

    /// <summary>Ends this process as a signal does that it neither handles nor ignores, without a core file. Returns where that signal ends none.</summary>
    public static void EndBy(int signal)
    {
        _ = Prctl(SetDumpable, 0, 0, 0, 0);
        _ = SetHandler(signal, DefaultHandler);
        SignalFd.UnblockInThread(signal);
        _ = Kill(Environment.ProcessId, signal);
    }

    /// <summary>The signals that this process ignores, but for SIGPIPE, which the .NET runtime makes every process ignore.</summary>
    public static IReadOnlyList<int> IgnoredSignals()
    {
        const string field = "SigIgn:";
        var ignored = new List<int>();
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (!line.StartsWith(field, StringComparison.Ordinal))
                continue;
            var mask = ulong.Parse(line.AsSpan(field.Length).Trim(), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
            for (var signal = 1; signal <= Signals.SIGRTMAX; signal++)
            {
                if ((mask >> (signal - 1) & 1) != 0 && signal != Signals.SIGPIPE)
                    ignored.Add(signal);
            }
        }

        return ignored;
    }

    /// <summary>Gives the C library's free memory back to the kernel.</summary>
    public static void TrimHeap() => _ = MallocTrim(0);

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

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int type, int id, SignalInfo* info, int options);

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ExecV(string path, byte** arguments);

    [LibraryImport("libc", EntryPoint = "getuid")]
    private static partial uint GetUserId();

    [LibraryImport("libc", EntryPoint = "getgid")]
    private static partial uint GetGroupId();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint keep);
}

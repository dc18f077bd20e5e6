using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux.Seccomp;

/// <summary>A system call that was seen, by its ABI and number.</summary>
public readonly record struct SeenCall(uint AuditArchitecture, uint Number);

/// <summary>What a command and all that it started did.</summary>
/// <param name="Calls">Each call once.</param>
/// <param name="Status">How the command ended.</param>
public sealed record TracedRun(IReadOnlySet<SeenCall> Calls, ExitStatus Status);

/// <summary>
/// Runs a command and sees each system call of it and of all that it starts, as strace(1) does: ptrace(2) with PTRACE_SEIZE,
/// one stop at each call's entry. All of it on the calling thread, to which the kernel ties a tracer. A shell that stops itself
/// stands where a fork would: it is attached to, let go, and becomes env(1) and then the command; what it did before is not counted.
/// </summary>
public sealed unsafe partial class CallTracer
{
    private const string Shell = "/bin/sh";
    private const string StopAndBecome = "kill -STOP $$; exec env \"$@\"";

    /// <summary>Programs that it becomes: env, and then the command.</summary>
    private const int Execs = 2;

    /// <summary>What shells change in the environment; env puts it back, as the command is to see what it would without all this.</summary>
    private static readonly string[] s_shellVariables = ["PWD", "OLDPWD", "SHLVL", "_"];

    private const int Seize = 0x4206;
    private const int Listen = 0x4208;
    private const int GetSyscallInfo = 0x420e;
    private const int ContinueToCall = 24;

    // TRACESYSGOOD, TRACEFORK, TRACEVFORK, TRACECLONE, TRACEEXEC, EXITKILL
    private const int Options = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x100000;
    private const int CallStop = 0x80 | 5;
    private const int ExecEvent = 4;
    private const int StopEvent = 128;
    private const int WaitAll = 0x40000000;
    private const int Untraced = 2;

    private readonly HashSet<SeenCall> _calls = [];
    private readonly int _first;
    private int _execs;
    private ExitStatus _status;

    private CallTracer(int first) => _first = first;

    /// <summary>Runs a command to its end, and to that of all it started.</summary>
    /// <param name="command">The program, looked up in PATH, and its arguments.</param>
    /// <param name="descriptors">Which descriptor it gets under which number.</param>
    /// <exception cref="LinuxException">It cannot be traced: EPERM where another tracer has it or the host forbids it.</exception>
    public static TracedRun Run(IReadOnlyList<string> command, IReadOnlyDictionary<int, SafeFileHandle> descriptors)
    {
        using var process = Spawn.Start(new SpawnRequest { Program = Shell, Arguments = [Shell, "-c", StopAndBecome, Shell, .. Environment(), .. command], Descriptors = descriptors });
        int status;
        Check.Result(WaitPid(process.Pid, &status, Untraced), "waitpid");
        if ((status & 0xFF) != 0x7F)
            throw new LinuxException("start", Shell, Errno.ECHILD);
        try
        {
            Check.Result(Trace(Seize, process.Pid, 0, (void*)Options), "ptrace PTRACE_SEIZE");
        }
        catch (LinuxException)
        {
            process.Kill();
            throw;
        }

        process.Kill(Signals.SIGCONT);
        var tracer = new CallTracer(process.Pid);
        tracer.Follow();
        return new TracedRun(tracer._calls, tracer._status);
    }

    private static IEnumerable<string> Environment() =>
        s_shellVariables.SelectMany(name => System.Environment.GetEnvironmentVariable(name) is { } value ? (string[])[$"{name}={value}"] : ["-u", name]);

    /// <summary>Until nothing that is traced is left.</summary>
    private void Follow()
    {
        while (true)
        {
            int status;
            var thread = WaitPid(-1, &status, WaitAll);
            if (thread < 0 && Check.LastErrno == Errno.EINTR)
                continue;
            if (thread < 0)
                return;
            if ((status & 0xFF) == 0x7F)
                Resume(thread, status >> 8 & 0xFF, status >> 16);
            else if (thread == _first)
                _status = (status & 0x7F) == 0 ? new ExitStatus(status >> 8 & 0xFF, null) : new ExitStatus(128 + (status & 0x7F), status & 0x7F);
        }
    }

    private void Resume(int thread, int signal, int happened)
    {
        _execs += happened == ExecEvent && thread == _first ? 1 : 0;
        if (happened == StopEvent && signal is Signals.SIGSTOP or Signals.SIGTSTP or Signals.SIGTTIN or Signals.SIGTTOU)
        {
            // The whole process stands, by job control: it stays so until it is continued.
            _ = Trace(Listen, thread, 0, null);
            return;
        }

        if (signal == CallStop)
            See(thread);
        // Events and calls end in themselves; a signal is passed on. Who has gone meanwhile needs no word.
        _ = Trace(ContinueToCall, thread, 0, (void*)(nint)(happened != 0 || signal == CallStop ? 0 : signal));
    }

    private void See(int thread)
    {
        const int entry = 1;
        SyscallInfo info;
        if (_execs >= Execs && Trace(GetSyscallInfo, thread, sizeof(SyscallInfo), &info) > 0 && info.op == entry)
            _calls.Add(new SeenCall(info.arch, (uint)info.nr));
    }

    /// <summary>struct ptrace_syscall_info (linux/ptrace.h), as at a call's entry.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 88)]
    private struct SyscallInfo
    {
        [FieldOffset(0)]
        public byte op;

        [FieldOffset(4)]
        public uint arch;

        [FieldOffset(24)]
        public ulong nr;
    }

    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    private static partial nint Trace(nint request, nint pid, nint address, void* data);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int pid, int* status, int options);
}

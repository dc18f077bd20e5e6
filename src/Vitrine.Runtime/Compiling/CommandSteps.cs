using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Linux.Seccomp;
using Vitrine.Oci.Runtime;
using static Vitrine.Runtime.Kernel;

namespace Vitrine.Runtime;

/// <summary>The last steps: from a complete environment to the command itself.</summary>
internal static class CommandSteps
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const string InitName = "vitrine-init";

    /// <param name="b">The program.</param>
    /// <param name="process">What to run.</param>
    /// <param name="capabilities">Its capabilities.</param>
    /// <param name="filter">Its seccomp filter, or null.</param>
    /// <param name="ending">How the command comes to run.</param>
    public static void Emit(ProgramBuilder b, ProcessSpec process, CapabilitySteps capabilities, SeccompProgram? filter, CommandEnding ending)
    {
        var (ties, startFifo) = (ending.Ties, ending.StartFifo);
        if (process.Args is not { Count: > 0 } args || args[0].Length == 0)
            throw Invalid.Configuration("process.args is empty");
        b.Command = args[0];

        // Without no_new_privs a filter needs CAP_SYS_ADMIN, which then is given up under the filter's eyes.
        var keep = filter is not null && !process.NoNewPrivileges ? Capability.CAP_SYS_ADMIN : (Capability?)null;
        capabilities.Set(b, keep);
        if (process.NoNewPrivileges)
        {
            b.Step("no new privileges");
            b.Call(Syscall.prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        }

        b.Step(ties.PreservedFiles == 0
            ? "close everything but stdin, stdout and stderr at exec"
            : $"close everything from descriptor {3 + ties.PreservedFiles} on at exec");
        b.Call(Syscall.close_range, 3 + ties.PreservedFiles, uint.MaxValue, CLOSE_RANGE_CLOEXEC);
        var initTail = b.NewLabel();
        var forked = b.NewRegister();
        if (ending.Init)
        {
            b.Step("fork the command; this process becomes its init");
            b.Branch(Operation.ForkCommand, initTail, forked);
        }

        if (!ending.KeepsSession)
            TerminalSteps.StartSession(b, process.Terminal);
        b.Step("unblock all signals");
        b.Call(Syscall.rt_sigprocmask, SIG_SETMASK, b.Struct(0UL), 0, sizeof(ulong));
        if (ties.Outlives)
            NamespaceSteps.OutliveParent(b);
        else
            NamespaceSteps.DieWithParent(b);
        var command = new Command(b, ending.Executable ?? args[0], args, process.Env ?? [], tellsStderr: startFifo is not null);
        if (startFifo is null)
            ReportReady(b);
        else
            command.Find(b);
        if (filter is not null)
            LoadFilter(b, filter);
        if (keep is not null)
            capabilities.Finish(b);
        if (startFifo is not null)
            AwaitStart(b, startFifo, 3 + ties.PreservedFiles);
        command.Execute(b);

        if (!ending.Init)
            return;
        b.Mark(initTail);
        BecomeInit(b, process, capabilities, keep is not null, forked);
    }

    /// <summary>The short end of a hook's program: the runtime's own user and capabilities, the hook's own environment.</summary>
    public static void EmitHook(ProgramBuilder b, Hook hook)
    {
        b.Command = hook.Path;
        TerminalSteps.PutInPlace(b, null);
        b.Step("close everything but stdin, stdout and stderr at exec");
        b.Call(Syscall.close_range, 3, uint.MaxValue, CLOSE_RANGE_CLOEXEC);
        b.Step("unblock all signals");
        b.Call(Syscall.rt_sigprocmask, SIG_SETMASK, b.Struct(0UL), 0, sizeof(ulong));
        NamespaceSteps.DieWithParent(b);
        ReportReady(b);
        new Command(b, hook.Path, hook.Args is { Count: > 0 } given ? given : [hook.Path], hook.Env ?? [], tellsStderr: false).Execute(b);
    }

    /// <summary>The end of a program that leaves session, limits and inherited descriptors as they are.</summary>
    /// <param name="b">The program.</param>
    /// <param name="executables">Names to look for along PATH, or paths; the first that there is runs.</param>
    /// <param name="args">Its arguments, its own name first.</param>
    /// <param name="environment">Its environment.</param>
    public static void EmitPlain(ProgramBuilder b, IReadOnlyList<string> executables, IReadOnlyList<string> args, IReadOnlyList<string> environment)
    {
        b.Command = executables[0];
        ReportReady(b);
        new Command(b, executables, args, environment).Execute(b);
    }

    private static void LoadFilter(ProgramBuilder b, SeccompProgram filter)
    {
        b.Step($"load the seccomp filter of {filter.InstructionCount} instructions");
        var code = b.CountAndPointer(filter.InstructionCount, b.Bytes(filter.Bytes));
        if ((filter.Flags & (uint)SeccompFlags.NewListener) == 0)
        {
            b.Call(Syscall.seccomp, SECCOMP_SET_MODE_FILTER, filter.Flags, code);
            return;
        }

        b.Do(Operation.LoadNotifyingFilter, filter.Flags, code);
    }

    private static void ReportReady(ProgramBuilder b)
    {
        b.Step("tell the parent that all is set up");
        b.Do(Operation.ReportReady);
    }

    /// <summary>The fifo is open for writing here too, so that its read ends with a byte and never with the end of the file.</summary>
    private static void AwaitStart(ProgramBuilder b, SafeFileHandle startFifo, int first)
    {
        ReportReady(b);
        b.Step("keep nothing of the launcher's open but what to wait for");
        b.Hold(startFifo);
        b.Call(Syscall.dup3, startFifo.DangerousGetHandle(), first, O_CLOEXEC);
        b.Call(Syscall.close_range, first + 1, uint.MaxValue, 0);
        b.Step("wait to be started");
        b.Call(Syscall.read, first, b.Struct(0L), 1);
    }

    /// <summary>The command with its places in the program's data.</summary>
    private readonly struct Command
    {
        private readonly string _text;
        private readonly DataOffset _candidates;
        private readonly DataOffset _arguments;
        private readonly DataOffset _environment;
        private readonly Operand _name;
        private readonly int _search;

        public Command(ProgramBuilder b, string executable, IReadOnlyList<string> args, IReadOnlyList<string> environment, bool tellsStderr)
        {
            _search = executable.Contains('/') ? 0 : 1;
            _text = string.Join(' ', args);
            _candidates = b.Strings(_search == 0 ? [executable] : [.. SearchPath(environment).Select(directory => $"{directory}/{executable}")]);
            _arguments = b.Strings(args);
            _environment = b.Strings(environment);
            _name = tellsStderr ? b.Text(executable) : 0;
        }

        /// <summary>The first of several.</summary>
        public Command(ProgramBuilder b, IReadOnlyList<string> executables, IReadOnlyList<string> args, IReadOnlyList<string> environment)
        {
            var isPath = executables is [var only] && only.Contains('/');
            _search = isPath ? 0 : 1;
            _text = string.Join(' ', args);
            _candidates = b.Strings([.. executables.SelectMany(name =>
                name.Contains('/') ? [name] : SearchPath(environment).Select(directory => $"{directory}/{name}"))]);
            _arguments = b.Strings(args);
            _environment = b.Strings(environment);
            _name = 0;
        }

        public void Find(ProgramBuilder b)
        {
            b.Step("look for", _text, kind: StepKind.Command);
            b.Do(Operation.FindCommand, _candidates, _search);
        }

        public void Execute(ProgramBuilder b)
        {
            b.Step("execute", _text, kind: StepKind.Command);
            b.Do(Operation.Execute, _candidates, _arguments, _environment, _search, _name);
        }
    }

    private static IEnumerable<string> SearchPath(IReadOnlyList<string>? environment)
    {
        const string name = "PATH=";
        var path = environment?.LastOrDefault(entry => entry.StartsWith(name, StringComparison.Ordinal))?[name.Length..] ?? DefaultPath;
        // A relative entry would run what lies in the working directory.
        return path.Split(':').Where(directory => directory.StartsWith('/')).Select(directory => directory.TrimEnd('/'));
    }

    private static void BecomeInit(ProgramBuilder b, ProcessSpec process, CapabilitySteps capabilities, bool finish, Register command)
    {
        if (finish)
            capabilities.Finish(b);
        ProcessSteps.EmitProfileOfInit(b, process);
        b.Step("become the init of", b.Command);
        b.Call(Syscall.prctl, PR_SET_NAME, b.Text(InitName));
        b.Call(Syscall.prctl, PR_SET_CHILD_SUBREAPER, 1);
        b.Call(Syscall.prctl, PR_SET_PDEATHSIG, Signals.SIGKILL);
        b.Call(Syscall.chdir, b.Text("/"));
        b.Do(Operation.SetTitle, Register.TitleStart, Register.TitleEnd, b.Text(InitName));
        b.Call(Syscall.close_range, 0, uint.MaxValue, 0);
        b.Do(Operation.InitLoop, command);
    }
}

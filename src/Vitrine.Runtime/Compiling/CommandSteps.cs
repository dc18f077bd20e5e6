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
    /// <param name="init">Whether this process stays as the command's init.</param>
    public static void Emit(ProgramBuilder b, ProcessSpec process, CapabilitySteps capabilities, SeccompProgram? filter, bool init)
    {
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

        b.Step("close everything but stdin, stdout and stderr at exec");
        b.Call(Syscall.close_range, 3, uint.MaxValue, CLOSE_RANGE_CLOEXEC);
        var initTail = b.NewLabel();
        var command = b.NewRegister();
        if (init)
        {
            b.Step("fork the command; this process becomes its init");
            b.Branch(Operation.ForkCommand, initTail, command);
        }

        TerminalSteps.StartSession(b, process.Terminal);
        b.Step("unblock all signals");
        b.Call(Syscall.rt_sigprocmask, SIG_SETMASK, b.Struct(0UL), 0, sizeof(ulong));
        NamespaceSteps.DieWithParent(b);
        b.Step("tell the parent that all is set up");
        b.Do(Operation.ReportReady);
        if (filter is not null)
            LoadFilter(b, filter);
        if (keep is not null)
            capabilities.Finish(b);
        Execute(b, process, args);

        if (!init)
            return;
        b.Mark(initTail);
        BecomeInit(b, capabilities, keep is not null, command);
    }

    private static void LoadFilter(ProgramBuilder b, SeccompProgram filter)
    {
        b.Step($"load the seccomp filter of {filter.InstructionCount} instructions");
        b.Call(Syscall.seccomp, SECCOMP_SET_MODE_FILTER, filter.Flags,
            b.CountAndPointer(filter.InstructionCount, b.Bytes(filter.Bytes)));
    }

    private static void Execute(ProgramBuilder b, ProcessSpec process, IReadOnlyList<string> args)
    {
        var search = !args[0].Contains('/');
        var candidates = search ? SearchPath(process.Env).Select(directory => $"{directory}/{args[0]}").ToList() : [args[0]];
        b.Step("execute", string.Join(' ', args), kind: StepKind.Command);
        b.Do(Operation.Execute, b.Strings(candidates), b.Strings(args), b.Strings(process.Env ?? []), search ? 1 : 0);
    }

    private static IEnumerable<string> SearchPath(IReadOnlyList<string>? environment)
    {
        const string name = "PATH=";
        var path = environment?.LastOrDefault(entry => entry.StartsWith(name, StringComparison.Ordinal))?[name.Length..] ?? DefaultPath;
        // A relative entry would run what lies in the working directory.
        return path.Split(':').Where(directory => directory.StartsWith('/')).Select(directory => directory.TrimEnd('/'));
    }

    private static void BecomeInit(ProgramBuilder b, CapabilitySteps capabilities, bool finish, Register command)
    {
        if (finish)
            capabilities.Finish(b);
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

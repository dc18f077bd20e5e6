using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Namespaces;

/// <summary><c>vitrine ns enter</c>: a command in the namespaces of another process, with the options of nsenter(1).</summary>
internal sealed class NsEnterVerb : GlassVerb
{
    private readonly KindFlags _kinds;
    private readonly ValueFlag<string> _target;
    private readonly BoolFlag _all;
    private readonly OptionalFlag _root;
    private readonly OptionalFlag _directory;
    private readonly ValueFlag<string> _innerDirectory;
    private readonly IdentityFlags _identity;
    private readonly BoolFlag _preserve;
    private readonly BoolFlag _noFork;
    private readonly BoolFlag _environment;
    private readonly BoolFlag _explain;

    public NsEnterVerb()
    {
        Flags.OptionsEndAtFirstArgument = true;
        Flags.LeadingArguments = () => NeedsTarget ? 1 : 0;
        _target = Flags.Text("target", 't', "The process or container, where it is not the first argument");
        _all = Flags.Bool("all", 'a', "Enter all namespaces of the target");
        _kinds = new KindFlags(Flags, "Enter the", ", or that of the file");
        _root = Flags.Add(new OptionalFlag("root", 'r', "dir", "Change to the target's root, or to this one"));
        _directory = Flags.Add(new OptionalFlag("wd", 'w', "dir", "Change to the target's working directory, or to this one"));
        _innerDirectory = Flags.Text("wdns", 'W', "Working directory as it is called inside");
        _identity = new IdentityFlags(Flags);
        _preserve = Flags.Bool("preserve-credentials", "Stay who you are when entering a user namespace");
        _noFork = Flags.Bool("no-fork", 'F', "Do not fork: only children are in an entered pid namespace");
        _environment = Flags.Bool("env", 'e', "Take the target's environment");
        Flags.Add(new RefusedFlag("follow-context", 'Z', "", "is not supported: set an SELinux context with runcon(1) as the command"));
        _explain = Flags.Bool("explain", "Print the steps instead of taking them");
    }

    public override string Usage => "CONTAINER|PID [OPTIONS] [--] [COMMAND [ARG...]]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(0);

    public override Operand Completes => Operand.RunningContainer;

    public override string Details =>
        "Runs COMMAND, or a shell, in the namespaces of a container's first process or of any process,\n"
        + "as nsenter(1) does. With no kind named: in all of them, with its root and working directory.\n"
        + "It ends with the exit code or the signal of the command: 126 where that cannot be executed,\n"
        + "127 where there is none, 1 where a namespace cannot be entered (docs/namespaces.md).";

    /// <summary>Whether there is something to enter that only a process has.</summary>
    private bool NeedsTarget => !_target.IsSet && (_kinds.Files.Count == 0 || _all.Value || _kinds.Bare.Count > 0
        || _environment.Value || _root is { IsSet: true, HasValue: false } || _directory is { IsSet: true, HasValue: false });

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        int? pid = null;
        if (_target.IsSet)
        {
            pid = GlassTarget.Find(context, _target.Value!).Pid;
        }
        else if (NeedsTarget)
        {
            if (arguments.Count == 0)
                throw new VitrineException(ErrorKind.Invalid, "name the container or process to enter");
            pid = GlassTarget.Find(context, arguments[0]).Pid;
            arguments = [.. arguments.Skip(1)];
        }

        NamespaceProgram.Become(context, Request(ProcFs.Host, pid), arguments, _explain.Value);
        return Task.FromResult(1);
    }

    /// <summary>What the options ask for.</summary>
    /// <param name="proc">Where processes are looked up.</param>
    /// <param name="pid">The target, or null.</param>
    /// <exception cref="VitrineException">The target is gone.</exception>
    internal NamespaceRequest Request(ProcFs proc, int? pid)
    {
        var everything = pid is not null && !_all.Value && _kinds.Given.Count == 0 && !_root.IsSet && !_directory.IsSet && !_innerDirectory.IsSet;
        var joined = pid is { } target && (everything || _all.Value) ? All(proc, target) : [.. _kinds.Bare];
        var joinsUser = joined.Contains(NamespaceKind.User) || _kinds.Files.Any(file => file.Kind == NamespaceKind.User);
        var joinsPid = joined.Contains(NamespaceKind.Pid) || _kinds.Files.Any(file => file.Kind == NamespaceKind.Pid);
        // Nobody of the outside is anybody inside, so that who enters becomes root there (nsenter(1)).
        var becomesRoot = joinsUser && !_preserve.Value;
        var forks = joinsPid && !_noFork.Value;
        return new NamespaceRequest
        {
            Target = pid ?? 0,
            TargetStart = pid is { } number ? proc.StartTime(number) ?? throw Gone(number) : 0,
            Joined = joined,
            JoinedFiles = _kinds.Files,
            Forks = forks,
            DeathSignal = forks ? 0 : Signals.SIGKILL,
            Root = Place(_root, "root", pid, everything),
            WorkingDirectory = Place(_directory, "cwd", pid, everything),
            InnerWorkingDirectory = _innerDirectory.Value,
            Uid = _identity.Uid ?? (becomesRoot ? 0 : null),
            Gid = _identity.Gid ?? (becomesRoot ? 0 : null),
            ClearsGroups = becomesRoot,
            Environment = _environment.Value ? proc.Environment(pid!.Value) : null,
        };
    }

    /// <summary>All that the kernel has; the user namespace only where it is another, as nobody can enter his own.</summary>
    private List<NamespaceKind> All(ProcFs proc, int pid)
    {
        var kinds = new List<NamespaceKind>();
        foreach (var id in proc.Namespaces(pid))
        {
            if (_kinds.Files.Any(file => file.Kind == id.Kind))
                continue;
            if (id.Kind != NamespaceKind.User || proc.Namespace(Environment.ProcessId, NamespaceKind.User) != id)
                kinds.Add(id.Kind);
        }

        return kinds.Count > 0 ? kinds : throw Gone(pid);
    }

    private static string? Place(OptionalFlag flag, string link, int? pid, bool isImplied)
    {
        if (flag.HasValue)
            return flag.Value;
        return flag.IsSet || isImplied ? ProcFs.Host.PathOf(pid!.Value, link) : null;
    }

    private static VitrineException Gone(int pid) => new(ErrorKind.NotFound, $"No such process: {pid}");
}

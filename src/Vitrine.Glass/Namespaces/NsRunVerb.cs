using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Namespaces;

/// <summary><c>vitrine ns run</c>: a command in new namespaces, with the options of unshare(1).</summary>
internal sealed class NsRunVerb : GlassVerb
{
    private readonly KindFlags _kinds;
    private readonly MapFlags _maps;
    private readonly BoolFlag _fork;
    private readonly OptionalFlag _killChild;
    private readonly OptionalFlag _mountProc;
    private readonly ValueFlag<MountFlags> _propagation;
    private readonly ValueFlag<string> _root;
    private readonly ValueFlag<string> _directory;
    private readonly IdentityFlags _identity;
    private readonly BoolFlag _keepCapabilities;
    private readonly ValueFlag<long?> _monotonic;
    private readonly ValueFlag<long?> _boottime;
    private readonly ValueFlag<string> _hostName;
    private readonly BoolFlag _explain;

    public NsRunVerb()
    {
        Flags.OptionsEndAtFirstArgument = true;
        _kinds = new KindFlags(Flags, "New", "; the file keeps it");
        _fork = Flags.Bool("fork", 'f', "Run the command as a child, which is what a new pid namespace takes effect on");
        _killChild = Flags.Add(new OptionalFlag("kill-child", Flag.None, "signal", "End the command with this process (implies --fork); SIGKILL unless named"));
        _mountProc = Flags.Add(new OptionalFlag("mount-proc", Flag.None, "dir", "Mount a new procfs (implies --mount); /proc unless named"));
        _maps = new MapFlags(Flags);
        _propagation = Flags.Add(new ValueFlag<MountFlags>("propagation", Flag.None, "private|shared|slave|unchanged",
            "How mounts hear of those elsewhere", Propagation)
        {
            Value = MountFlags.Private | MountFlags.Recursive,
            DefaultText = "private",
        });
        _root = Flags.Text("root", 'R', "Run the command with this root directory");
        _directory = Flags.Text("wd", 'w', "Working directory");
        _identity = new IdentityFlags(Flags);
        _keepCapabilities = Flags.Bool("keep-caps", "Keep the capabilities that the user namespace gives through the command's execution");
        _monotonic = Flags.Integer("monotonic", "Offset of the monotonic clock in seconds (with --time)");
        _boottime = Flags.Integer("boottime", "Offset of the clock since boot in seconds (with --time)");
        _hostName = Flags.Text("hostname", "Host name inside (implies --uts)");
        _explain = Flags.Bool("explain", "Print the steps instead of taking them");
    }

    public override string Usage => "[OPTIONS] [--] [COMMAND [ARG...]]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(0);

    public override string Details =>
        "Runs COMMAND, or a shell, in the new namespaces that are named, as unshare(1) does.\n"
        + "It ends with the exit code or the signal of the command: 126 where that cannot be executed,\n"
        + "127 where there is none, 1 where a namespace cannot be made (docs/namespaces.md).";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        NamespaceProgram.Become(context, Request(), arguments, _explain.Value);
        return Task.FromResult(1);
    }

    /// <summary>What the options ask for.</summary>
    /// <exception cref="VitrineException">They contradict each other.</exception>
    internal NamespaceRequest Request()
    {
        var kinds = Kinds();
        var forks = _fork.Value || _killChild.IsSet;
        if ((_monotonic.IsSet || _boottime.IsSet) && !kinds.Contains(NamespaceKind.Time))
            throw new VitrineException(ErrorKind.Invalid, "--monotonic and --boottime are clocks of a new time namespace: add --time");
        if (!forks && _kinds.Files.Any(file => file.Kind == NamespaceKind.Pid))
            throw new VitrineException(ErrorKind.Invalid, "a pid namespace can be kept when it has a first process: add --fork");
        return _maps.Apply(new NamespaceRequest
        {
            New = kinds,
            Kept = _kinds.Files,
            Forks = forks,
            DeathSignal = DeathSignal(forks),
            Propagation = _propagation.Value,
            Root = _root.Value,
            WorkingDirectory = _directory.Value,
            ProcMountPoint = !_mountProc.IsSet ? null : _mountProc.HasValue ? _mountProc.Value : "/proc",
            HostName = _hostName.Value,
            Monotonic = _monotonic.Value,
            Boottime = _boottime.Value,
            Uid = _identity.Uid,
            Gid = _identity.Gid,
            KeepsCapabilities = _keepCapabilities.Value && kinds.Contains(NamespaceKind.User),
        });
    }

    private List<NamespaceKind> Kinds()
    {
        var kinds = new List<NamespaceKind>(_kinds.Given);
        Imply(kinds, NamespaceKind.User, _maps.AreGiven);
        Imply(kinds, NamespaceKind.Mount, _mountProc.IsSet);
        Imply(kinds, NamespaceKind.Uts, _hostName.IsSet);
        return kinds;
    }

    private static void Imply(List<NamespaceKind> kinds, NamespaceKind kind, bool isImplied)
    {
        if (isImplied && !kinds.Contains(kind))
            kinds.Add(kind);
    }

    /// <summary>A command that is not a child of its own ends with this process, which stands for it.</summary>
    private int DeathSignal(bool forks)
    {
        if (!forks)
            return Signals.SIGKILL;
        if (!_killChild.IsSet)
            return 0;
        if (!_killChild.HasValue)
            return Signals.SIGKILL;
        return Signals.TryParse(_killChild.Value, out var signal)
            ? signal
            : throw new VitrineException(ErrorKind.Invalid, $"--kill-child: no signal {_killChild.Value}");
    }

    private static MountFlags Propagation(string text) => text switch
    {
        "private" => MountFlags.Private | MountFlags.Recursive,
        "shared" => MountFlags.Shared | MountFlags.Recursive,
        "slave" => MountFlags.Slave | MountFlags.Recursive,
        "unchanged" => MountFlags.None,
        _ => throw new FlagValueException("not private, shared, slave or unchanged"),
    };
}

using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Glass.Namespaces;
using Vitrine.Insight;
using Vitrine.Insight.Stores;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Debugging;

/// <summary><c>vitrine debug</c>: a shell with tools from elsewhere in a container's namespaces, and nothing in the container changed.</summary>
internal sealed class DebugVerb : GlassVerb
{
    private readonly ValueFlag<string> _image;
    private readonly BoolFlag _hostTools;
    private readonly BoolFlag _asContainer;
    private readonly ListFlag<string> _environment;
    private readonly ValueFlag<string> _directory;
    private readonly BoolFlag _explain;

    public DebugVerb()
    {
        Flags.OptionsEndAtFirstArgument = true;
        Flags.LeadingArguments = static () => 1;
        _image = Flags.Text("image", "Take the tools from this image of Vitrine's store");
        _hostTools = Flags.Bool("host-tools", "Take the tools from this host (the default)");
        _asContainer = Flags.Bool("as-container", "Be confined as the container is: user, capabilities, seccomp, cgroups");
        _environment = Flags.List("env", 'e', "Set an environment variable: NAME=value");
        _directory = Flags.Text("workdir", 'w', "Working directory (default: the container's root)");
        _explain = Flags.Bool("explain", "Print the steps instead of taking them");
    }

    public override string Usage => "[OPTIONS] CONTAINER|PID [--] [COMMAND [ARG...]]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => Operand.RunningContainer;

    public override string Details =>
        "A shell, or COMMAND, in the namespaces of a container of any engine, with tools that the container\n"
        + "need not have. Its root is at " + ToolsRoot.ContainerDirectory + "; /proc, /sys, network and process numbers are the container's.\n"
        + "What is mounted for it is seen by nobody else, and is gone when it ends (docs/debug.md).";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        if (_image.IsSet && _hostTools.Value)
            throw new VitrineException(ErrorKind.Invalid, "--image and --host-tools contradict each other");
        var target = GlassTarget.Find(context, arguments[0]);
        var layers = _image.Value is { } image ? new StoredImages(context.Globals.DataRoot).Layers(image) : [];
        var request = Request(ProcFs.Host, target, layers, context);
        IReadOnlyList<string> command = [.. arguments.Skip(1)];
        if (command.Count == 0)
        {
            command = [DebugTools.Shell(request.Tools!)];
            if (context.Screen.InputIsTerminal && !_explain.Value)
                context.Screen.Error.WriteLine($"The container's root is {ToolsRoot.ContainerDirectory}; what is outside of it are tools.");
        }

        NamespaceProgram.Become(context, request, command, _explain.Value);
        return Task.FromResult(1);
    }

    private NamespaceRequest Request(ProcFs proc, ExplainTarget target, IReadOnlyList<string> layers, CommandContext context)
    {
        var pid = target.Pid;
        var joined = DebugTools.Others(proc, pid);
        // The layers of an image may only be put together by the host's root.
        if (layers.Count > 0)
            joined.Remove(NamespaceKind.User);
        if (ThisProcess.UserId != 0 && !joined.Contains(NamespaceKind.User))
            throw new VitrineException(ErrorKind.Unavailable, $"process {pid} is in no user namespace of yours: run as root");
        var inner = joined.Contains(NamespaceKind.User);
        return new NamespaceRequest
        {
            Target = pid,
            TargetStart = proc.StartTime(pid) ?? throw new VitrineException(ErrorKind.NotFound, $"No such process: {pid}"),
            Joined = joined,
            Forks = joined.Contains(NamespaceKind.Pid) || joined.Contains(NamespaceKind.Time),
            DeathSignal = Signals.SIGKILL,
            InnerWorkingDirectory = _directory.Value ?? ToolsRoot.ContainerDirectory,
            Environment = DebugTools.Environment(_environment.Values, target.Hints?.Name),
            Tools = (layers.Count > 0 ? new ToolsRoot { Layers = layers } : DebugTools.OfHost("/")) with
            {
                JoinsCgroups = _asContainer.Value,
                Confinement = _asContainer.Value ? ConfinementReader.Read(proc, target, inner, context.Screen.WriteError) : null,
            },
        };
    }
}

using Vitrine.Cli.Attaching;
using Vitrine.Commands.CommandLine;
using Vitrine.Engine;
using Vitrine.Engine.Attaching;
using Vitrine.Linux;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine attach</c></summary>
internal sealed class AttachVerb : Verb
{
    private readonly BoolFlag _noStdin;
    private readonly BoolFlag _forwardSignals;
    private readonly ValueFlag<string> _detachKeys;

    public AttachVerb()
    {
        _detachKeys = Flags.Text("detach-keys", "Override the key sequence for detaching a container");
        _noStdin = Flags.Bool("no-stdin", "Do not attach STDIN");
        _forwardSignals = Flags.Add(new BoolFlag("sig-proxy", Flag.None, "Proxy all received signals to the process") { Value = true, DefaultText = "true" });
    }

    public override string Usage => "[OPTIONS] CONTAINER";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Operand Completes => Operand.RunningContainer;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var keys = DetachKeys.Parse(_detachKeys.Value ?? cli.Preferences.DetachKeys);
        var container = await cli.Engine.InspectAsync(arguments[0]);
        if (!container.State.Running)
            throw new VitrineException(ErrorKind.Conflict, "You cannot attach to a stopped container, start it first");
        if (container.State.Paused)
            throw new VitrineException(ErrorKind.Conflict, "cannot attach to a paused container, unpause it first");
        var stdin = !_noStdin.Value && container.Config.OpenStdin;
        if (container.Config.Tty && stdin && !cli.Screen.InputIsTerminal)
            throw new VitrineException(ErrorKind.Invalid, "the input device is not a TTY");

        var size = container.Config.Tty ? Terminal.GetSize(Fd.StandardOutput) : null;
        var attach = new AttachOptions { Stdin = stdin, TerminalSize = size is { } s ? (s.Rows, s.Columns) : null };
        using var session = await cli.Engine.AttachAsync(arguments[0], attach);
        var options = new RelayOptions { Stdin = stdin, ForwardSignals = _forwardSignals.Value, DetachKeys = keys };
        return new ContainerRelay(cli.Screen, session, options).Run()?.ExitCode ?? 0;
    }
}

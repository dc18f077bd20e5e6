using Vitrine.Cli.Attaching;
using Vitrine.Commands.CommandLine;
using Vitrine.Engine;
using Vitrine.Engine.Attaching;
using Vitrine.Linux;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine start</c></summary>
internal sealed class StartVerb : Verb
{
    private readonly BoolFlag _attach;
    private readonly BoolFlag _interactive;
    private readonly BoolFlag _boot;
    private readonly ValueFlag<string> _detachKeys;

    public StartVerb()
    {
        _attach = Flags.Bool("attach", 'a', "Attach STDOUT/STDERR and forward signals");
        _interactive = Flags.Bool("interactive", 'i', "Attach container's STDIN");
        _boot = Flags.Bool("boot", "Start what the last shutdown of the host ended and a restart policy (always, unless-stopped) wants back");
        _detachKeys = Flags.Text("detach-keys", "Override the key sequence for detaching a container");
        Flags.Add(new RefusedFlag("checkpoint", Flag.None, "string", "needs CRIU, which Vitrine does not use") { IsDockers = true });
        Flags.Add(new RefusedFlag("checkpoint-dir", Flag.None, "string", "needs CRIU, which Vitrine does not use") { IsDockers = true });
    }

    public override string Usage => "[OPTIONS] CONTAINER [CONTAINER...]";

    public override ArgumentCount Arguments => _boot.Value ? ArgumentCount.None : ArgumentCount.AtLeast(1);

    public override Operand Completes => Operand.Container;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        if (_boot.Value)
            return await AtBootAsync(cli);
        if (!_attach.Value && !_interactive.Value)
        {
            return await cli.ForEachAsync(arguments, async name =>
            {
                await cli.Engine.StartAsync(name);
                cli.Print(name);
            });
        }

        if (arguments.Count > 1)
            throw new VitrineException(ErrorKind.Invalid, "you cannot start and attach multiple containers at once");
        return await AttachedAsync(cli, arguments[0]);
    }

    private static async Task<int> AtBootAsync(CliContext cli)
    {
        var code = 0;
        foreach (var due in await cli.Engine.StartAtBootAsync())
        {
            if (due.Problem is null)
                cli.Print(due.Name);
            else
                cli.Screen.WriteError($"{due.Name}: {due.Problem}");
            code = due.Problem is null ? code : 1;
        }
        return code;
    }

    private async Task<int> AttachedAsync(CliContext cli, string name)
    {
        var keys = DetachKeys.Parse(_detachKeys.Value ?? cli.Preferences.DetachKeys);
        var config = (await cli.Engine.InspectAsync(name)).Config;
        var stdin = _interactive.Value && config.OpenStdin;
        if (config.Tty && stdin && !cli.Screen.InputIsTerminal)
            throw new VitrineException(ErrorKind.Invalid, "the input device is not a TTY");
        var size = config.Tty ? Terminal.GetSize(Fd.StandardOutput) : null;
        var attach = new AttachOptions { Stdin = stdin, TerminalSize = size is { } s ? (s.Rows, s.Columns) : null };
        using var session = await cli.Engine.StartAsync(name, new StartOptions { Attach = attach })
            ?? throw new VitrineException(ErrorKind.Internal, $"container {name} started without a session");
        var ended = new ContainerRelay(cli.Screen, session, new RelayOptions { Stdin = stdin, DetachKeys = keys }).Run();
        return ended?.ExitCode ?? 0;
    }
}

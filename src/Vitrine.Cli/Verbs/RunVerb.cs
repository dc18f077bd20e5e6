using Vitrine.Cli.Attaching;
using Vitrine.Cli.Running;
using Vitrine.Commands.CommandLine;
using Vitrine.Engine;
using Vitrine.Engine.Attaching;
using Vitrine.Linux;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine run</c>: create, start, and stay attached unless told otherwise.</summary>
internal sealed class RunVerb : Verb
{
    private readonly ContainerFlags _container;
    private readonly ListFlag<string> _attach;
    private readonly BoolFlag _detach;
    private readonly BoolFlag _explain;
    private readonly BoolFlag _forwardSignals;
    private readonly ValueFlag<string> _detachKeys;

    public RunVerb()
    {
        _container = new ContainerFlags(Flags);
        _attach = Flags.Add(AttachFlag.Create());
        _detach = Flags.Bool("detach", 'd', "Run container in background and print container ID");
        _detachKeys = Flags.Text("detach-keys", "Override the key sequence for detaching a container");
        _explain = Flags.Bool("explain", "Print the system calls that would start the container, and do not start it");
        _forwardSignals = Flags.Add(new BoolFlag("sig-proxy", Flag.None, "Proxy received signals to the process") { Value = true, DefaultText = "true" });
    }

    public override string Usage => "[OPTIONS] IMAGE [COMMAND] [ARG...]";

    public override ArgumentCount Arguments => _container.Files.RootFs is null ? ArgumentCount.AtLeast(1) : ArgumentCount.AtLeast(0);

    public override Operand Completes => Operand.Image;

    public override int FailureCode => 125;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        if (_detach.Value && _attach.Values.Count > 0)
            throw new VitrineException(ErrorKind.Invalid, "conflicting options: cannot specify both --attach and --detach");
        var streams = _detach.Value ? default : AttachFlag.Choose(_attach.Values, _container.Interactive);
        var keys = DetachKeys.Parse(_detachKeys.Value ?? cli.Preferences.DetachKeys);
        if (_explain.Value)
            return await ExplainAsync(cli, arguments, streams);
        if (_container.Tty && streams.Stdin && !cli.Screen.InputIsTerminal)
        {
            cli.Screen.WriteError("the input device is not a TTY");
            return 1;
        }

        var id = await new ContainerCreation(cli, _container) { StartFollows = true }.CreateAsync(arguments, streams);
        return streams.Any ? await AttachedAsync(cli, id, streams, keys) : await DetachedAsync(cli, id);
    }

    private async Task<int> ExplainAsync(CliContext cli, IReadOnlyList<string> arguments, AttachedStreams streams)
    {
        var id = await new ContainerCreation(cli, _container).CreateAsync(arguments, streams);
        try
        {
            cli.Screen.Out.Write(await cli.Engine.ExplainSetupAsync(id));
        }
        finally
        {
            await cli.Engine.RemoveAsync(id, volumes: true);
        }

        return 0;
    }

    private static async Task<int> DetachedAsync(CliContext cli, string id)
    {
        await cli.Engine.StartAsync(id);
        cli.Print(id);
        return 0;
    }

    private async Task<int> AttachedAsync(CliContext cli, string id, AttachedStreams streams, byte[] keys)
    {
        var size = _container.Tty && cli.Screen.OutputIsTerminal ? Terminal.GetSize(Fd.StandardOutput) : null;
        var attach = new AttachOptions
        {
            Stdin = streams.Stdin,
            Stdout = streams.Stdout,
            Stderr = streams.Stderr,
            TerminalSize = size is { } s ? (s.Rows, s.Columns) : null,
        };
        using var session = await cli.Engine.StartAsync(id, new StartOptions { Attach = attach })
            ?? throw new VitrineException(ErrorKind.Internal, $"container {id} started without a session");
        var relay = new ContainerRelay(cli.Screen, session, new RelayOptions
        {
            Stdin = streams.Stdin,
            ForwardSignals = _forwardSignals.Value,
            DetachKeys = keys,
        });
        return relay.Run() is { } ended ? ended.ExitCode : 0;
    }
}

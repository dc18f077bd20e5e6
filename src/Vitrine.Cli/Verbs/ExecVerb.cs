using Vitrine.Cli.Attaching;
using Vitrine.Cli.Parsing;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Vitrine.Engine.Attaching;
using Vitrine.Engine.Docker;
using Vitrine.Linux;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine exec</c></summary>
internal sealed class ExecVerb : Verb
{
    private readonly BoolFlag _detach;
    private readonly BoolFlag _interactive;
    private readonly BoolFlag _tty;
    private readonly BoolFlag _privileged;
    private readonly ValueFlag<string> _user;
    private readonly ValueFlag<string> _workDirectory;
    private readonly ValueFlag<string> _detachKeys;
    private readonly ListFlag<string> _environment;
    private readonly ListFlag<string> _environmentFiles;

    public ExecVerb()
    {
        Flags.OptionsEndAtFirstArgument = true;
        _detach = Flags.Bool("detach", 'd', "Detached mode: run command in the background");
        _detachKeys = Flags.Text("detach-keys", "Override the key sequence for detaching a container");
        _environment = Flags.Add(new ListFlag<string>("env", 'e', "list", "Set environment variables", KeyValues.CompleteVariable));
        _environmentFiles = Flags.List("env-file", "Read in a file of environment variables");
        _interactive = Flags.Bool("interactive", 'i', "Keep STDIN open even if not attached");
        _privileged = Flags.Bool("privileged", "Give extended privileges to the command");
        _tty = Flags.Bool("tty", 't', "Allocate a pseudo-TTY");
        _user = Flags.Text("user", 'u', "Username or UID (format: \"<name|uid>[:<group|gid>]\")");
        _workDirectory = Flags.Text("workdir", 'w', "Working directory inside the container");
    }

    public override string Usage => "[OPTIONS] CONTAINER COMMAND [ARG...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(2);

    public override Operand Completes => Operand.RunningContainer;

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var keys = DetachKeys.Parse(_detachKeys.Value ?? cli.Preferences.DetachKeys);
        if (_tty.Value && _interactive.Value && !_detach.Value && !cli.Screen.InputIsTerminal)
            throw new VitrineException(ErrorKind.Invalid, "the input device is not a TTY");
        var config = ToConfig(cli, arguments);
        if (_detach.Value)
            return DetachedAsync(cli, arguments[0], config);
        return _tty.Value ? WithTerminalAsync(cli, arguments[0], config, keys) : WithStreamsAsync(cli, arguments[0], config);
    }

    private ExecConfig ToConfig(CliContext cli, IReadOnlyList<string> arguments)
    {
        var size = _tty.Value && cli.Screen.OutputIsTerminal ? Terminal.GetSize(Fd.StandardOutput) : null;
        return new ExecConfig
        {
            User = _user.Value ?? "",
            Privileged = _privileged.Value,
            Tty = _tty.Value,
            ConsoleSize = size is { } s ? [s.Rows, s.Columns] : null,
            AttachStdin = _interactive.Value && !_detach.Value,
            AttachStdout = !_detach.Value,
            AttachStderr = !_detach.Value,
            Env = [.. _environmentFiles.Values.SelectMany(KeyValueFile.ReadVariables), .. _environment.Values],
            WorkingDir = _workDirectory.Value ?? "",
            Cmd = [.. arguments.Skip(1)],
        };
    }

    private static async Task<int> DetachedAsync(CliContext cli, string container, ExecConfig config)
    {
        using var session = await cli.Engine.ExecAsync(container, config);
        return 0;
    }

    private static async Task<int> WithStreamsAsync(CliContext cli, string container, ExecConfig config)
    {
        using var descriptors = ExecDescriptors.Open(config.AttachStdin);
        using var session = await cli.Engine.ExecAsync(container, config, descriptors.Streams);
        descriptors.HandedOver();
        var ended = await session.WaitAsync();
        await descriptors.DrainAsync();
        return ended.ExitCode;
    }

    private static async Task<int> WithTerminalAsync(CliContext cli, string container, ExecConfig config, byte[] keys)
    {
        using var session = await cli.Engine.ExecAsync(container, config);
        var ended = await new ExecRelay(cli.Screen, session, config.AttachStdin, keys).RunAsync();
        return ended?.ExitCode ?? 0;
    }
}

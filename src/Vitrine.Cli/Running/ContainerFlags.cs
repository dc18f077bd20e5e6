using Vitrine.Cli.Parsing;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Running;

/// <summary>
/// The options that <c>run</c> and <c>create</c> have in common, and the request they add up to. Parsing is docker's;
/// what is possible on this host is the engine's to say.
/// </summary>
internal sealed class ContainerFlags
{
    private readonly ValueFlag<string> _name;
    private readonly ValueFlag<string> _idFile;
    private readonly ValueFlag<string> _platform;
    private readonly ValueFlag<string> _pull;
    private readonly ValueFlag<string> _entrypoint;
    private readonly ValueFlag<string> _user;
    private readonly ValueFlag<string> _workDirectory;
    private readonly ValueFlag<string> _restart;
    private readonly ValueFlag<string> _stopSignal;
    private readonly ValueFlag<long?> _stopTimeout;
    private readonly ValueFlag<string> _logDriver;
    private readonly ListFlag<string> _logOptions;
    private readonly ListFlag<string> _environment;
    private readonly ListFlag<string> _environmentFiles;
    private readonly ListFlag<string> _labels;
    private readonly ListFlag<string> _labelFiles;
    private readonly ListFlag<string> _annotations;
    private readonly BoolFlag _interactive;
    private readonly BoolFlag _tty;
    private readonly BoolFlag _remove;
    private readonly BoolFlag _init;
    private readonly BoolFlag _quiet;
    private readonly HealthFlags _health;
    private readonly ResourceFlags _resources;
    private readonly NetworkFlags _network;
    private readonly IsolationFlags _isolation;

    public ContainerFlags(FlagSet flags)
    {
        flags.OptionsEndAtFirstArgument = true;
        _name = flags.Text("name", "Assign a name to the container");
        _idFile = flags.Text("cidfile", "Write the container ID to the file");
        _platform = flags.Text("platform", "Platform of the image, os/arch[/variant] (default is this host's)");
        _pull = flags.Add(new ValueFlag<string>("pull", Flag.None, "string", "Pull image before running (\"always\", \"missing\", \"never\")", text => text)
        {
            Value = "missing",
            DefaultText = "\"missing\"",
        });
        _quiet = flags.Bool("quiet", 'q', "Suppress the pull output");
        _entrypoint = flags.Text("entrypoint", "Overwrite the default ENTRYPOINT of the image");
        _user = flags.Text("user", 'u', "Username or UID (format: <name|uid>[:<group|gid>])");
        _workDirectory = flags.Text("workdir", 'w', "Working directory inside the container");
        _environment = flags.Add(new ListFlag<string>("env", 'e', "list", "Set environment variables", KeyValues.CompleteVariable));
        _environmentFiles = flags.List("env-file", "Read in a file of environment variables");
        _labels = flags.Add(new ListFlag<string>("label", 'l', "list", "Set meta data on a container", KeyValues.CheckLabel));
        _labelFiles = flags.List("label-file", "Read in a line delimited file of labels");
        _annotations = flags.Add(new ListFlag<string>("annotation", Flag.None, "map", "Add an annotation to the OCI config of the container", text => text));
        _interactive = flags.Bool("interactive", 'i', "Keep STDIN open even if not attached");
        _tty = flags.Bool("tty", 't', "Allocate a pseudo-TTY");
        _init = flags.Bool("init", "Run an init inside the container that forwards signals and reaps processes");
        _remove = flags.Bool("rm", "Remove the container and its anonymous volumes when it exits");
        _restart = flags.Add(new ValueFlag<string>("restart", Flag.None, "string", "Restart policy to apply when a container exits", text => text)
        {
            Value = "no",
            DefaultText = "\"no\"",
        });
        _stopSignal = flags.Text("stop-signal", "Signal to stop the container");
        _stopTimeout = flags.Integer("stop-timeout", "Timeout (in seconds) to stop a container");
        _logDriver = flags.Text("log-driver", "Logging driver for the container: json-file or none");
        _logOptions = flags.List("log-opt", "Log driver options: max-size, max-file");
        _health = new HealthFlags(flags);
        _resources = new ResourceFlags(flags);
        Files = new FileFlags(flags);
        _network = new NetworkFlags(flags);
        _isolation = new IsolationFlags(flags);
        RefusedFlags.AddTo(flags);
    }

    public FileFlags Files { get; }

    /// <summary>The name given with --name, or null.</summary>
    public string? Name => NullIfEmpty(_name.Value);

    /// <summary>The file of --cidfile, or null.</summary>
    public string? IdFile => NullIfEmpty(_idFile.Value);

    public string? Platform => NullIfEmpty(_platform.Value);

    public bool Interactive => _interactive.Value;

    public bool Tty => _tty.Value;

    public bool AutoRemove => _remove.Value;

    /// <summary>Say nothing of a pull.</summary>
    public bool Quiet => _quiet.Value;

    /// <summary>always, missing or never.</summary>
    public string PullPolicy => _pull.Value is "always" or "missing" or "never"
        ? _pull.Value
        : throw Invalid($"invalid pull option: '{_pull.Value}': must be one of \"always\", \"missing\" or \"never\"");

    /// <summary>The request for a container.</summary>
    /// <param name="image">The image's reference; empty with --rootfs.</param>
    /// <param name="command">What to run in place of the image's command; empty for that.</param>
    /// <param name="attach">The streams that will be attached.</param>
    /// <exception cref="VitrineException">Options contradict each other, or a file cannot be read.</exception>
    public ContainerCreateRequest ToRequest(string image, IReadOnlyList<string> command, AttachedStreams attach)
    {
        var request = new ContainerCreateRequest
        {
            User = _user.Value ?? "",
            AttachStdin = attach.Stdin,
            AttachStdout = attach.Stdout,
            AttachStderr = attach.Stderr,
            Tty = _tty.Value,
            OpenStdin = _interactive.Value,
            StdinOnce = _interactive.Value && attach.Stdin,
            Env = [.. _environmentFiles.Values.SelectMany(KeyValueFile.ReadVariables), .. _environment.Values],
            Cmd = command.Count == 0 ? null : command,
            Image = image,
            WorkingDir = _workDirectory.Value ?? "",
            // One empty string takes the image's entrypoint away.
            Entrypoint = _entrypoint.Value is { } entrypoint ? [entrypoint] : null,
            Labels = KeyValues.ToMap([.. _labelFiles.Values.SelectMany(KeyValueFile.ReadLabels), .. _labels.Values]),
            StopSignal = NullIfEmpty(_stopSignal.Value),
            StopTimeout = (int?)_stopTimeout.Value,
            Volumes = Files.AnonymousVolumes(),
            Healthcheck = _health.ToConfig(),
            HostConfig = ToHostConfig(),
        };
        return _network.ApplyTo(request);
    }

    private HostConfig ToHostConfig()
    {
        var restart = RestartSyntax.Parse(_restart.Value is { Length: > 0 } policy ? policy : "no");
        if (_remove.Value && restart.Name != "no")
            throw Invalid("conflicting options: cannot specify both --restart and --rm");
        if (_logDriver.Value == "none" && _logOptions.Values.Count > 0)
            throw Invalid("invalid logging opts for driver none");
        var config = new HostConfig
        {
            ContainerIDFile = IdFile ?? "",
            LogConfig = new LogConfig { Type = _logDriver.Value ?? "", Config = KeyValues.ToMap(_logOptions.Values) },
            RestartPolicy = restart,
            AutoRemove = _remove.Value,
            Annotations = _annotations.ValuesOrNull is { } annotations ? KeyValues.ToMap(annotations) : null,
            Init = _init.IsSet ? _init.Value : null,
        };
        return _isolation.ApplyTo(_network.ApplyTo(Files.ApplyTo(_resources.ApplyTo(config))));
    }

    private static VitrineException Invalid(string message) => new(ErrorKind.Invalid, message);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>Which of a container's streams the CLI is to be connected to.</summary>
internal readonly record struct AttachedStreams(bool Stdin, bool Stdout, bool Stderr)
{
    public bool Any => Stdin || Stdout || Stderr;
}

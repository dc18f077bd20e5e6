namespace Vitrine.Commands.CommandLine;

/// <summary>Options before the verb: <c>vitrine --data-root DIR run ...</c>.</summary>
public sealed class GlobalOptions
{
    private const string NoDaemon = "vitrine works on this machine's own store";
    private const string OwnSocket = "only this machine's socket is taken (unix:///run/vitrine/docker.sock; as docker also unix:///var/run/docker.sock), and what it serves is used directly";

    private readonly ValueFlag<string> _dataRoot;
    private readonly ValueFlag<string> _execRoot;
    private readonly ValueFlag<string> _config;
    private readonly BoolFlag _debug;
    private readonly ValueFlag<string> _logLevel;
    private readonly BoolFlag _version;

    public GlobalOptions()
    {
        Flags.OptionsEndAtFirstArgument = true;
        _config = Flags.Add(Text("config", "Directory of docker's client config: registry credentials", "DOCKER_CONFIG",
            Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/root", ".docker")));
        _dataRoot = Flags.Add(Text("data-root", "Directory of images, containers and volumes", "VITRINE_DATA_ROOT", "/var/lib/vitrine"));
        _execRoot = Flags.Add(Text("exec-root", "Directory of the sockets of running containers", "VITRINE_EXEC_ROOT", "/run/vitrine"));
        _debug = Flags.Bool("debug", 'D', "Show what lies behind an error");
        _logLevel = Flags.Add(new ValueFlag<string>("log-level", 'l', "string", "How much to report (\"debug\", \"info\", \"warn\", \"error\", \"fatal\")", ParseLevel)
        {
            Value = "info",
            DefaultText = "\"info\"",
        });
        _version = Flags.Bool("version", 'v', "Print version information and quit");
        Flags.Add(new ListFlag<string>("host", 'H', "list", "The API server's socket on this machine; no other is known", ParseHost) { WithoutEffect = OwnSocket });
        Flags.Add(new ValueFlag<string>("context", 'c', "string", "Only \"default\"", ParseContext) { WithoutEffect = "only \"default\" is known; " + NoDaemon });
        foreach (var (name, type) in ((string, string)[])[("tls", ""), ("tlsverify", ""), ("tlscacert", "string"), ("tlscert", "string"), ("tlskey", "string")])
            Flags.Add(new RefusedFlag(name, Flag.None, type, "is for daemons elsewhere: " + NoDaemon));
    }

    public FlagSet Flags { get; } = new();

    public bool Debug => _debug.Value || _logLevel.Value == "debug";

    public bool Version => _version.Value;

    /// <summary>Where config.json with the registries' credentials is.</summary>
    public string ConfigDirectory => Path.GetFullPath(_config.Value!);

    /// <summary>Where images, containers and volumes are.</summary>
    public string DataRoot => Path.GetFullPath(_dataRoot.Value!);

    /// <summary>Where the sockets of running containers are.</summary>
    public string ExecRoot => Path.GetFullPath(_execRoot.Value!);

    private static ValueFlag<string> Text(string name, string description, string variable, string fallback)
    {
        var value = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : fallback;
        return new(name, Flag.None, "string", description, text => text) { Value = value, DefaultText = $"\"{value}\"" };
    }

    /// <summary>Another daemon's address is an error: to work on this machine's store instead would be a surprise.</summary>
    private static string ParseHost(string text) =>
        text == "unix:///run/vitrine/docker.sock" || (ProgramName.IsDocker && text is "unix:///var/run/docker.sock" or "unix:///run/docker.sock")
            ? text
            : throw new FlagValueException($"no daemon is connected to: {NoDaemon}; docker's own client speaks to other daemons");

    private static string ParseContext(string text) => text is "default" or ""
        ? text
        : throw new FlagValueException($"only \"default\" is known: {NoDaemon}");

    private static string ParseLevel(string text) => text is "debug" or "info" or "warn" or "error" or "fatal"
        ? text
        : throw new FlagValueException($"not a valid level: \"{text}\"");
}

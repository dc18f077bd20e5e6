using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Traffic;
using Vitrine.Insight.Traffic.Rules;
using Vitrine.Linux;
using Vitrine.Secrets;

namespace Vitrine.Glass.Spy;

/// <summary><c>vitrine spy</c>: what clients and an engine say to each other over its socket, and a socket that allows less.</summary>
internal sealed class SpyVerb : GlassVerb
{
    private readonly ValueFlag<string> _listen;
    private readonly ValueFlag<string> _upstream;
    private readonly BoolFlag _json;
    private readonly BoolFlag _quiet;
    private readonly BoolFlag _reveal;
    private readonly BoolFlag _headers;
    private readonly ValueFlag<string> _body;
    private readonly ValueFlag<string> _mode;
    private readonly ValueFlag<string> _own;
    private readonly BoolFlag _readOnly;
    private readonly BoolFlag _noExec;
    private readonly BoolFlag _noArchive;
    private readonly BoolFlag _noHostMounts;

    public SpyVerb()
    {
        Flags.OptionsEndAtFirstArgument = true;
        _listen = Flags.Text("listen", 'l', "Socket to make for clients (default: a new one in a private directory)");
        _upstream = Flags.Text("upstream", 'u', "The engine's socket (default: $DOCKER_HOST, then Vitrine's, docker's, podman's)");
        _mode = Flags.Text("mode", "Permissions of the new socket, octal (default 0600)");
        _json = Flags.Bool("json", "One JSON object a line (described in docs/spy.md)");
        _headers = Flags.Bool("headers", "Show header fields too");
        _body = Flags.Text("body", "How much of bodies is shown: none, short or full (default short)");
        _quiet = Flags.Bool("quiet", 'q', "Show only what is refused");
        _reveal = Flags.Bool("reveal", "Show what looks like a secret in clear");
        _readOnly = Flags.Bool("read-only", "Refuse calls that change anything");
        _own = Flags.Text("own", "LABEL[=VALUE]: only containers, networks and volumes with this label, which new ones get");
        _noExec = Flags.Bool("no-exec", "Refuse commands and input in containers");
        _noArchive = Flags.Bool("no-archive", "Refuse files in and out of containers and images");
        _noHostMounts = Flags.Bool("no-host-mounts", "Refuse containers that mount or reach the host: directories, devices, namespaces, privileges");
    }

    public override string Usage => "[OPTIONS] [-- COMMAND [ARG...]]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(0);

    public override string Details =>
        "Stands between clients and a Docker Engine socket (Vitrine's, dockerd's or podman's): each request and\n"
        + "response is shown with its meaning, streams are followed, secrets are hidden. With rules the new\n"
        + "socket is one to give to a tool: refused calls get 403 and never reach the engine.\n"
        + "With a COMMAND it runs that with DOCKER_HOST set to the new socket, and ends with its exit code.";

    public override async Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var upstream = EngineSocket.Choose(_upstream.Value);
        using var place = SpySocket.Make(_listen.Value, _mode.Value);
        var mask = new TrafficMask(_reveal.Value);
        // A command's own output stays what it is; the traffic goes beside it.
        var output = arguments.Count > 0 ? context.Screen.Error : context.Screen.Out;
        var sink = Sink(context, output, mask);
        using var interrupt = new Interrupt();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupt.Token);
        var serving = new TrafficProxy(new TrafficOptions { Upstream = upstream, Sink = sink, Mask = mask, Rules = Rules() }).ServeAsync(place.Listener, stop.Token);
        if (!_json.Value)
            context.Screen.Error.WriteLine($"# {place.Path} -> {upstream}{(arguments.Count == 0 ? $": export DOCKER_HOST=unix://{place.Path}" : "")}");
        var code = arguments.Count > 0 ? await RunCommandAsync(arguments, place.Path, interrupt.Token) : await WaitAsync(serving);
        await stop.CancelAsync();
        await serving;
        return code;
    }

    private ITrafficSink Sink(CommandContext context, TextWriter output, TrafficMask mask) => _json.Value
        ? new TrafficJson(output, mask, ShownBody(), _quiet.Value)
        : new TrafficText(output, mask, new TrafficStyle
        {
            Headers = _headers.Value,
            LongestText = ShownBody(),
            OnlyRefused = _quiet.Value,
            Colour = output == context.Screen.Out && context.Screen.UseColour,
        });

    /// <summary>Characters of a body that are shown.</summary>
    private int ShownBody() => _body.Value switch
    {
        null or "" or "short" => 400,
        "none" => 0,
        "full" => int.MaxValue,
        var other => throw new VitrineException(ErrorKind.Invalid, $"--body {other}: it is none, short or full"),
    };

    private List<TrafficRule> Rules()
    {
        var rules = new List<TrafficRule>();
        if (_readOnly.Value)
            rules.Add(new ReadOnlyRule());
        if (_noExec.Value)
            rules.Add(new NoExecRule());
        if (_noArchive.Value)
            rules.Add(new NoArchiveRule());
        if (_noHostMounts.Value)
            rules.Add(new NoHostRule());
        // Last: it asks the engine, and changes what is sent.
        if (_own.Value is { Length: > 0 } own)
            rules.Add(OwnLabelRule.Parse(own));
        return rules;
    }

    private static async Task<int> WaitAsync(Task serving)
    {
        await serving;
        return 0;
    }

    private static async Task<int> RunCommandAsync(IReadOnlyList<string> command, string socket, CancellationToken interrupted)
    {
        SpawnedProcess process;
        try
        {
            process = Spawn.Start(new SpawnRequest
            {
                Program = command[0],
                Arguments = command,
                SearchPath = true,
                Environment = [.. Environment(), $"DOCKER_HOST=unix://{socket}"],
                Descriptors = new Dictionary<int, Microsoft.Win32.SafeHandles.SafeFileHandle>
                {
                    [0] = Fd.StandardInput, [1] = Fd.StandardOutput, [2] = Fd.StandardError,
                },
            });
        }
        catch (LinuxException e)
        {
            var code = e.Errno == Errno.ENOENT ? "there is no such command" : $"it cannot be started ({e.Errno})";
            throw new VitrineException(ErrorKind.NotFound, $"{command[0]}: {code}", e);
        }
        using (process)
        {
            // Ctrl-C reaches the command by itself, as both are in the terminal's group; SIGTERM to us alone is passed on.
            await using var passing = interrupted.Register(() => process.Kill(Signals.SIGTERM));
            return (await Task.Run(process.Wait, CancellationToken.None)).Code;
        }
    }

    private static IEnumerable<string> Environment()
    {
        foreach (System.Collections.DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            if (entry.Key is not ("DOCKER_HOST" or "DOCKER_CONTEXT" or "DOCKER_TLS_VERIFY"))
                yield return $"{entry.Key}={entry.Value}";
        }
    }
}

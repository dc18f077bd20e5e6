using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Commands.Parsing;
using Vitrine.Glass.Explain;
using Vitrine.Insight.Json;
using Vitrine.Insight.View;

namespace Vitrine.Glass.Ps;

/// <summary><c>vitrine host ps</c>: every process of the host that lives in a container, of any engine or none.</summary>
internal sealed class HostPsVerb : GlassVerb
{
    private readonly ListFlag<Filter> _filters;
    private readonly ValueFlag<string> _format;
    private readonly BoolFlag _json;
    private readonly BoolFlag _noTruncation;
    private readonly BoolFlag _quiet;
    private readonly BoolFlag _reveal;
    private readonly BoolFlag _watch;
    private readonly ValueFlag<TimeSpan> _interval;

    public HostPsVerb()
    {
        _filters = Flags.Add(Filter.Flag());
        _format = Flags.Add(FormatFlag.Rows());
        _interval = Flags.Add(new ValueFlag<TimeSpan>("interval", Flag.None, "duration", "How long --watch waits between two looks", ParseInterval) { Value = TimeSpan.FromSeconds(2), DefaultText = "2s" });
        _json = JsonFlag("host-view");
        _noTruncation = Flags.Bool("no-trunc", "Don't truncate output");
        _quiet = Flags.Bool("quiet", 'q', "Only display host pids of containers' processes");
        _reveal = Flags.Bool("reveal", "Show what looks like a secret in clear");
        _watch = Flags.Bool("watch", 'w', "Look again and again: redraw on a terminal, else print what comes (+) and goes (-)");
    }

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override string Details =>
        "Containers of Vitrine, Docker, Podman, containerd, CRI-O, systemd-nspawn and LXC, and namespaces that\n"
        + "no engine made, each under the process that supervises it. \"joined\" came in later, by exec or nsenter.\n"
        + "\n"
        + "PID and USER are as they are inside. ISOLATION has a letter for each wall that stands, - for none:\n"
        + "  UPMNHICT  namespaces of its own: user, pid, mount, network, host name, ipc, cgroup, time\n"
        + "  S L X     seccomp filter; label of a security module (l: it only complains); no_new_privs\n"
        + "  0 d + !   capabilities it can get: none, docker's default at most, more, all\n"
        + "  ?         this user may not know: root sees all\n"
        + "\n"
        + "Filters: engine, name (a part of it), id (its beginning), image, pod, pid, user (on the host or inside),\n"
        + "namespace (an inode, or net:INODE), role (first, child, joined). --format has .Engine .Name .ID .Image\n"
        + ".Namespace .Pod .PodContainer .HostPID .PID .ParentPID .HostUser .HostUID .User .UID .Isolation .Ports .Role\n"
        + ".Supervisor .Program .Tree .Command";

    public override async Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        if (_json.Value && (_watch.Value || _quiet.Value || !string.IsNullOrEmpty(_format.Value)))
            throw new VitrineException(ErrorKind.Invalid, "--json prints the whole once: with --watch use --format json, for some values jq or --format");
        var filter = new HostFilter(_filters.Values);
        var format = RowFormat.Parse(_quiet.Value ? "{{.HostPID}}" : _format.Value, HostRow.DefaultColumns);
        if (_watch.Value)
            return await WatchAsync(context, filter, format);
        var containers = GlassTarget.Containers(context);
        var all = ContainedProcesses.Of(containers, _reveal.Value);
        var shown = filter.Apply(all);
        if (_json.Value)
            context.Print(HostViewJson.Serialize(shown, containers.Missing));
        else
            format.Print(context.Screen.Out, HostRow.Header, Rows(context, all, shown));
        context.Screen.Out.Flush();
        if (!_json.Value)
            Warn(context, containers.Missing);
        return 0;
    }

    private async Task<int> WatchAsync(CommandContext context, HostFilter filter, RowFormat format)
    {
        using var interrupt = new Interrupt();
        var watch = new HostWatch(context.Screen, format);
        while (!interrupt.Token.IsCancellationRequested)
        {
            using var containers = GlassTarget.Containers(context);
            var all = ContainedProcesses.Of(containers, _reveal.Value);
            var shown = filter.Apply(all);
            watch.Show(shown, Rows(context, all, shown));
            try
            {
                await Task.Delay(_interval.Value, context.Time, interrupt.Token);
            }
            catch (OperationCanceledException)
            {
                break; // Ctrl-C is how a watch ends.
            }
        }

        return 0;
    }

    private List<HostRow> Rows(CommandContext context, IReadOnlyList<HostViewProcess> all, IReadOnlyList<HostViewProcess> shown)
    {
        var listed = _quiet.Value ? shown.Where(process => process.Container is not null).ToList() : shown;
        var lines = HostForest.Lines(all, listed, ExplainStyle.Of(context.Screen).Unicode);
        return listed.Select((process, i) => new HostRow(process, lines[i], !_noTruncation.Value)).ToList();
    }

    private static TimeSpan ParseInterval(string text) =>
        GoDuration.Parse(text) is var interval && interval >= TimeSpan.FromMilliseconds(10) ? interval : throw new FlagValueException("expected at least 10ms");

    private static void Warn(CommandContext context, IReadOnlyList<string> missing)
    {
        foreach (var sentence in missing)
            context.Screen.WriteError(sentence);
    }
}

using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Glass.Explain;
using Vitrine.Insight;
using Vitrine.Insight.Audit;
using Vitrine.Insight.Host;
using Vitrine.Insight.Json;

namespace Vitrine.Glass.Audit;

/// <summary><c>vitrine audit</c>: what weakens containers, the host and engines' sockets, and which ways out are open.</summary>
internal sealed class AuditVerb : GlassVerb
{
    private const int FoundSomething = 1;
    private const int WentWrong = 2;

    private readonly BoolFlag _all;
    private readonly BoolFlag _host;
    private readonly ListFlag<string> _sockets;
    private readonly BoolFlag _paths;
    private readonly BoolFlag _json;
    private readonly BoolFlag _sarif;
    private readonly BoolFlag _rules;
    private readonly ValueFlag<Severity?> _failOn;
    private readonly ValueFlag<Severity?> _least;
    private readonly ListFlag<string> _only;
    private readonly ListFlag<string> _ignored;

    public AuditVerb()
    {
        _all = Flags.Bool("all", 'a', "Every running container, of any engine");
        _host = Flags.Bool("host", "The kernel's settings, the engines' and their versions");
        _sockets = Flags.List("socket", "An engine's socket: who may use it, and its version (PATH or tcp://HOST:PORT)");
        _paths = Flags.Bool("paths", "Show each known way out step by step, with its preconditions");
        _failOn = Flags.Add(new ValueFlag<Severity?>("fail-on", Flag.None, "severity", "Exit with 1 if anything is that bad or worse", ParseSeverity));
        _least = Flags.Add(new ValueFlag<Severity?>("severity", Flag.None, "severity", "Show only what is that bad or worse: note, low, medium, high or critical", ParseSeverity));
        _only = Flags.List("rule", "Apply only this rule (VA001)", CheckRule);
        _ignored = Flags.List("ignore", "Leave this rule out", CheckRule);
        _json = JsonFlag("audit");
        _sarif = Flags.Bool("sarif", "Print SARIF 2.1.0");
        _rules = Flags.Bool("rules", "List the rules and do nothing else");
    }

    public override string Usage => "[OPTIONS] [CONTAINER|PID...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(0);

    public override Operand Completes => Operand.RunningContainer;

    public override int FailureCode => WentWrong;

    public override string Details =>
        "Judges containers of any engine by the kernel's own account, and the host and its engines by\n"
        + "their files. Nothing is changed and no way out is tried. Without arguments: --all --host.\n"
        + "Findings are ordered by what they let an attacker do. Exit code: 0; 1 where --fail-on says so;\n"
        + "2 where something went wrong.";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        if (_json.Value && _sarif.Value)
            throw new UsageException("--json and --sarif exclude each other");
        if (_rules.Value)
        {
            AuditWriter.WriteRules(context.Screen.Out, ExplainStyle.Of(context.Screen));
            return Task.FromResult(0);
        }

        var world = GlassTarget.Containers(context);
        var isEverything = arguments.Count == 0 && !_host.Value && _sockets.Values.Count == 0;
        var isAll = _all.Value || isEverything;
        var request = new AuditRequest
        {
            Containers = [.. isAll ? Every(world) : arguments.Select(world.Target)],
            Host = _host.Value || (isEverything && !_all.Value),
            Sockets = _sockets.Values,
        };
        var report = new Auditor(Options(isAll)).Audit(world, request);
        if (_json.Value)
            context.Screen.Out.WriteBytes(AuditJson.Serialize(report, _paths.Value));
        else if (_sarif.Value)
            context.Screen.Out.WriteBytes(SarifLog.Serialize(report, ProductVersion.Text));
        else
            AuditWriter.Write(context.Screen.Out, report, ExplainStyle.Of(context.Screen), _paths.Value);
        return Task.FromResult(_failOn.Value is { } limit && report.Worst >= limit ? FoundSomething : 0);
    }

    private AuditOptions Options(bool isAll)
    {
        var options = new AuditOptions
        {
            Rules = _only.Values,
            Ignored = _ignored.Values,
            Least = _least.Value ?? Severity.Note,
            Whole = _paths.Value,
        };
        // Of many containers the answer is wanted soon, of one it is wanted whole.
        return isAll ? options with { FileBudget = TimeSpan.FromMilliseconds(50) } : options;
    }

    private static IEnumerable<ExplainTarget> Every(HostContainers world) =>
        world.All.Select(container => new ExplainTarget { Pid = container.Pid, Hints = world.Hints(container) });

    private static Severity? ParseSeverity(string text) => text.ToLowerInvariant() switch
    {
        "note" => Severity.Note,
        "low" => Severity.Low,
        "medium" => Severity.Medium,
        "high" => Severity.High,
        "critical" => Severity.Critical,
        _ => throw new FlagValueException("must be note, low, medium, high or critical"),
    };

    private static string CheckRule(string text) =>
        RuleCatalog.All.Any(rule => rule.Info.Id.Equals(text, StringComparison.OrdinalIgnoreCase))
            ? text.ToUpperInvariant()
            : throw new FlagValueException("there is no such rule: vitrine audit --rules lists them");
}

using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Vitrine.Glass.Script;
using Vitrine.Insight;
using Vitrine.Insight.ByHand;
using Vitrine.Insight.Differences;
using Vitrine.Insight.Json;

namespace Vitrine.Glass.Explain;

/// <summary><c>vitrine explain</c>: what a container, or any process, really is on this host.</summary>
internal sealed class ExplainVerb : GlassVerb
{
    private const long Second = 1_000_000_000;

    private readonly BoolFlag _json;
    private readonly BoolFlag _reveal;
    private readonly BoolFlag _script;
    private readonly BoolFlag _watch;
    private readonly ValueFlag<string> _diff;
    private readonly ValueFlag<long> _interval;
    private readonly ListFlag<string> _sections;

    public ExplainVerb()
    {
        _json = JsonFlag("explain");
        _reveal = Flags.Bool("reveal", "Show what looks like a secret in clear");
        _script = Flags.Bool("script", "Write a shell script that starts the same container by hand");
        _diff = Flags.Text("diff", "Only in what it differs from another: CONTAINER, PID, host, or default (of its engine)");
        _watch = Flags.Bool("watch", 'w', "Look again and again, and tell what changes");
        _interval = Flags.Add(new ValueFlag<long>("interval", Flag.None, "duration", "How long --watch waits between two looks", GoDuration.ParseNanoseconds)
        {
            Value = 2 * Second, DefaultText = "2s",
        });
        _sections = Flags.List("section", 's', "Only the section whose title begins so: cap, mounts, \"control groups\"");
    }

    public override string Usage => "[OPTIONS] CONTAINER|PID";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Operand Completes => Operand.RunningContainer;

    public override string Details =>
        "Process tree, namespaces, root filesystem, mounts, cgroup limits against use, capabilities,\n"
        + "seccomp, security labels, devices and secrets of a container - of Vitrine, Docker, Podman,\n"
        + "containerd, CRI-O, LXC or no engine, by name, id or pid; engine:name where two have one name -\n"
        + "or of any process of this host; each fact with the file it was read from.\n"
        + "--diff exits with 0 where nothing differs, with 1 where something does, with 2 where it cannot be told.";

    /// <summary>With --diff as diff(1): 1 is an answer.</summary>
    public override int FailureCode => string.IsNullOrEmpty(_diff.Value) ? 1 : 2;

    public override async Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var options = new ExplainOptions { RevealSecrets = _reveal.Value };
        var target = GlassTarget.Find(context, arguments[0]);
        if (_script.Value)
        {
            context.Screen.Out.Write(new HandScript(new HandPlanner(options).Plan(target)).Write());
            return 0;
        }

        var explainer = new Explainer(options);
        var explanation = explainer.Explain(target);
        var sections = _sections.Values.Count == 0 ? null : explanation.Chosen(_sections.Values);
        if (_diff.Value is { Length: > 0 } other)
            return Compare(context, explanation, other, explainer, sections);
        if (_watch.Value)
        {
            using var interrupt = new Interrupt();
            // The processes of the host are others at each look.
            var again = new ExplainTarget { Pid = target.Pid, Hints = target.Hints };
            await new Watcher(context, () => explainer.Explain(again), sections).RunAsync(TimeSpan.FromMicroseconds(Math.Clamp(_interval.Value, Second / 10, 86400 * Second) / 1000), interrupt.Token);
        }
        else if (_json.Value)
            context.Print(ExplanationJson.Serialize(explanation, sections));
        else
            ExplanationWriter.Write(context.Screen.Out, explanation, ExplainStyle.Of(context.Screen), sections);
        return 0;
    }

    private int Compare(CommandContext context, ContainerExplanation explanation, string other, Explainer explainer, IReadOnlySet<string>? sections)
    {
        bool Wanted(Setting setting) => sections?.Contains(setting.Section) != false;
        var standard = other == "default" ? EngineDefault.Of(explanation) : null;
        var differences = standard is not null
            ? DefaultSettings.Compare(explanation, standard, Wanted)
            : ExplanationDiff.Compare(Settings.Of(explanation), Settings.Of(explainer.Explain(Other(context, other))), Wanted);
        var comparison = new DiffText(explanation, differences, other, standard);
        if (_json.Value)
            context.Print(comparison.Json());
        else
            comparison.Write(PaperOn(context));
        return differences.Count == 0 ? 0 : 1;
    }

    private static ExplainTarget Other(CommandContext context, string other) =>
        other == "host" ? new ExplainTarget { Pid = 1 } : GlassTarget.Find(context, other);
}

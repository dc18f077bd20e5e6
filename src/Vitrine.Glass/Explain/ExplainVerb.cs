using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Glass.Script;
using Vitrine.Insight;
using Vitrine.Insight.ByHand;
using Vitrine.Insight.Json;

namespace Vitrine.Glass.Explain;

/// <summary><c>vitrine explain</c>: what a container, or any process, really is on this host.</summary>
internal sealed class ExplainVerb : GlassVerb
{
    private readonly BoolFlag _json;
    private readonly BoolFlag _reveal;
    private readonly BoolFlag _script;
    private readonly ListFlag<string> _sections;

    public ExplainVerb()
    {
        _json = Flags.Bool("json", "Print JSON (described in docs/explain.md)");
        _reveal = Flags.Bool("reveal", "Show what looks like a secret in clear");
        _script = Flags.Bool("script", "Write a shell script that starts the same container by hand");
        _sections = Flags.List("section", 's', "Only the section whose title begins so: cap, mounts, \"control groups\"");
    }

    public override string Usage => "[OPTIONS] CONTAINER|PID";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Operand Completes => Operand.RunningContainer;

    public override string Details =>
        "Process tree, namespaces, root filesystem, mounts, cgroup limits against use, capabilities,\n"
        + "seccomp, security labels, devices and secrets of a container - of Vitrine, Docker, Podman,\n"
        + "containerd, CRI-O, LXC or no engine, by name, id or pid; engine:name where two have one name -\n"
        + "or of any process of this host; each fact with the file it was read from.";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var target = GlassTarget.Find(context, arguments[0]);
        var options = new ExplainOptions { RevealSecrets = _reveal.Value };
        if (_script.Value)
        {
            context.Screen.Out.Write(new HandScript(new HandPlanner(options).Plan(target)).Write());
            return Task.FromResult(0);
        }

        var explanation = new Explainer(options).Explain(target);
        if (_json.Value && _sections.Values.Count > 0)
            throw new VitrineException(ErrorKind.Invalid, "--section is for people: choose from --json with jq");
        if (_json.Value)
            context.Print(ExplanationJson.Serialize(explanation));
        else
            ExplanationWriter.Write(context.Screen.Out, explanation, ExplainStyle.Of(context.Screen), Checked(explanation));
        return Task.FromResult(0);
    }

    /// <summary>The sections asked for, each of which must exist.</summary>
    private IReadOnlyList<string> Checked(ContainerExplanation explanation)
    {
        foreach (var wanted in _sections.Values)
        {
            if (!explanation.Sections().Any(part => part.Title.StartsWith(wanted, StringComparison.OrdinalIgnoreCase)))
            {
                var titles = string.Join(", ", explanation.Sections().Select(part => part.Title));
                throw new VitrineException(ErrorKind.Invalid, $"no section '{wanted}': there are {titles}");
            }
        }

        return _sections.Values;
    }
}

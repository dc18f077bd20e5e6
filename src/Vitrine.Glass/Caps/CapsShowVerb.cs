using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Glass.Explain;
using Vitrine.Insight.Privileges;

namespace Vitrine.Glass.Caps;

/// <summary><c>vitrine caps show</c>: the capability sets of a process, decoded.</summary>
internal sealed class CapsShowVerb : GlassVerb
{
    private readonly BoolFlag _json;

    public CapsShowVerb()
    {
        _json = Flags.Bool("json", "Print JSON (described in docs/capabilities.md)");
    }

    public override string Usage => "[OPTIONS] CONTAINER|PID";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Operand Completes => Operand.RunningContainer;

    public override string Details =>
        "The five sets of a container's first process, or of any process by its pid: what each capability\n"
        + "lets it do, and how they differ from what docker and vitrine give by default.";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var target = GlassTarget.Find(context, arguments[0]);
        var process = ProcessCapabilities.Read(target.Pid);
        if (_json.Value)
            context.Print(CapabilityJson.Shown(process, target.Hints?.Name));
        else
            CapabilityText.Show(new Paper(context.Screen.Out, ExplainStyle.Of(context.Screen)), process, target.Hints?.Name);
        return Task.FromResult(0);
    }
}

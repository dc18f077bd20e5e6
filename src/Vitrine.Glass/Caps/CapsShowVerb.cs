using Vitrine.Commands;
using Vitrine.Insight.Privileges;

namespace Vitrine.Glass.Caps;

/// <summary><c>vitrine caps show</c>: the capability sets of a process, decoded.</summary>
internal sealed class CapsShowVerb() : ShowVerb("capabilities")
{
    public override string Details =>
        "The five sets of a container's first process, or of any process by its pid: what each capability\n"
        + "lets it do, and how they differ from what docker and vitrine give by default.";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var target = GlassTarget.Find(context, arguments[0]);
        var process = ProcessCapabilities.Read(target.Pid);
        Show(context, () => CapabilityJson.Shown(process, target.Hints?.Name), paper => CapabilityText.Show(paper, process, target.Hints?.Name));
        return Task.FromResult(0);
    }
}

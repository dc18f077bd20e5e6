using Vitrine.Commands;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Glass.Labs;

/// <summary><c>vitrine lab ls</c></summary>
internal sealed class LabLsVerb : GlassVerb
{
    private readonly BoolFlag _json;

    public LabLsVerb() => _json = JsonFlag("lab");

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        Lesson[] lessons = [.. LessonCatalog.All()];
        if (_json.Value)
            context.Print(LabJson.List(lessons));
        else
            new LabText(context.Screen).List(lessons);
        return Task.FromResult(0);
    }
}

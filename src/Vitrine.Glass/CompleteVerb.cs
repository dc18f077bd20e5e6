using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Glass.Labs;
using Vitrine.Insight.Stores;

namespace Vitrine.Glass;

/// <summary><c>vitrine __complete -- explain ...</c></summary>
internal sealed class CompleteVerb : GlassVerb
{
    public override string Usage => "-- WORD...";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(0);

    public override async Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        await new Completer(GlassProgram.Set, kind => Task.FromResult(Operands(new VitrineStore(context.Globals.DataRoot), kind))).CompleteAsync(context, arguments);
        return 0;
    }

    private static IEnumerable<Candidate> Operands(VitrineStore store, Operand kind) => kind switch
    {
        Operand.Container => store.All().Select(Candidate),
        Operand.RunningContainer => store.All().Where(container => container.IsRunning).Select(Candidate),
        Operand.Lesson => LessonCatalog.All().Select(lesson => new Candidate(lesson.Name, lesson.Title)),
        _ => [],
    };

    private static Candidate Candidate(StoredContainer container) =>
        new(container.Name, $"{container.Image}, {(container.IsRunning ? "running" : "not running")}");
}

using Vitrine.Commands;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Glass.Labs;

/// <summary><c>vitrine lab show</c>: a lesson to read, or to change.</summary>
internal sealed class LabShowVerb : GlassVerb
{
    private readonly BoolFlag _markdown;

    public LabShowVerb() => _markdown = Flags.Bool("markdown", "Print its file, to make another lesson of");

    public override string Usage => "[OPTIONS] LESSON";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Operand Completes => Operand.Lesson;

    public override string Details => "LESSON is a number, a name, or the path of a file (docs/lab.md).";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        if (_markdown.Value)
            context.Screen.Out.Write(LessonCatalog.Source(arguments[0]));
        else
            new LabText(context.Screen).Whole(LessonCatalog.Find(arguments[0]));
        return Task.FromResult(0);
    }
}

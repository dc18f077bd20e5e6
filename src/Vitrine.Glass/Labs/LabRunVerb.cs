using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Linux;

namespace Vitrine.Glass.Labs;

/// <summary><c>vitrine lab run</c>: lessons, explained, run on the real system in a throwaway sandbox, and checked.</summary>
internal sealed class LabRunVerb : GlassVerb
{
    private const int SomethingFailed = 1;

    private readonly BoolFlag _all;
    private readonly BoolFlag _yes;
    private readonly ValueFlag<string> _image;
    private readonly BoolFlag _json;

    public LabRunVerb()
    {
        _all = Flags.Bool("all", 'a', "Every lesson, one after the other");
        _yes = Flags.Bool("yes", 'y', "Run every step without asking");
        _image = Flags.Text("image", "Use this image of Vitrine's store, or this archive, instead of the host's busybox");
        _json = Flags.Bool("json", "Run without asking and print JSON (described in docs/lab.md)");
    }

    public override string Usage => "[OPTIONS] [LESSON...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(0);

    public override Operand Completes => Operand.Lesson;

    public override string Details =>
        "Runs lessons step by step: each is explained, run on this system in a sandbox of its own mounts,\n"
        + "processes, network, cgroups and containers, and checked. LESSON is a number, a name, or the path of\n"
        + "a file of your own (docs/lab.md). Nothing is left when it ends. Needs root.\n"
        + "Exit code: 0 where everything held, 1 where something did not.";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var lessons = Lessons(arguments);
        var unattended = _yes.Value || _json.Value;
        if (!unattended && !context.Screen.InputIsTerminal)
            throw new VitrineException(ErrorKind.Invalid, "there is no terminal to ask on: --yes runs every step without asking");
        if (ThisProcess.UserId != 0)
            throw new VitrineException(ErrorKind.Denied, "a lab makes namespaces, mounts and cgroups: run it as root (sudo vitrine lab run ...)");
        var source = LabSource.Of(_image.Value, context.Globals.DataRoot);
        var text = _json.Value ? null : new LabText(context.Screen);
        using var interrupt = new Interrupt();
        var runner = new LabRunner(source, text, unattended ? null : new LabPrompt(text!, interrupt.Token), interrupt.Token);
        var reports = new List<LessonReport>();
        foreach (var lesson in lessons)
        {
            reports.Add(runner.Run(lesson));
            if (reports[^1].WasLeft)
                break;
        }

        if (!unattended && reports[^1] is { Passed: true, WasLeft: false } last && LessonCatalog.After(last.Lesson) is { } next)
            text!.Note($"Next: vitrine lab run {next.Number}, {next.Title}");
        if (_json.Value)
            context.Print(LabJson.Reports(reports));
        foreach (var failure in reports.SelectMany(report => report.Failures))
            context.Screen.WriteError(failure);
        return Task.FromResult(reports.TrueForAll(report => report.Passed) ? 0 : SomethingFailed);
    }

    private Lesson[] Lessons(IReadOnlyList<string> arguments)
    {
        if (_all.Value == arguments.Count > 0)
            throw new UsageException("name lessons (vitrine lab ls lists them), or --all");
        return _all.Value ? [.. LessonCatalog.All()] : [.. arguments.Select(LessonCatalog.Find)];
    }
}

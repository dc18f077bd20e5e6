using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Glass.Explain;
using Vitrine.Insight;
using Vitrine.Insight.Syscalls;

namespace Vitrine.Glass.Seccomp;

/// <summary><c>vitrine seccomp show</c></summary>
internal sealed class SeccompShowVerb : ShowVerb
{
    private const int LabelWidth = 18;

    private readonly BoolFlag _dump;

    public SeccompShowVerb() : base("seccomp") =>
        _dump = Flags.Bool("dump", "Read the filters from the kernel: root only; the process is stopped for an instant");

    public override string Details =>
        "The mode, and which system calls are refused, by what they are good for: as the container's\n"
        + "specification has it, or with --dump as the kernel enforces it.";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var report = FilterSource.Read(context, arguments[0], _dump.Value);
        Show(context, report.ToJson, paper => Write(paper, report));
        return Task.FromResult(0);
    }

    private static void Write(Paper paper, SeccompReport report)
    {
        paper.Line($"{report.Container ?? report.Command}: process {report.Pid}", Ink.Strong);
        paper.Line();
        paper.Labelled(new Cell("mode", Ink.Accent), LabelWidth, Mode(report));
        paper.Labelled(new Cell("no new privileges", Ink.Accent), LabelWidth, report.NoNewPrivileges switch { true => "on", false => "off", null => "not told by this kernel" });
        if (report.Mode is not SeccompMode.Filter)
            return;
        paper.Labelled(new Cell("rules", Ink.Accent), LabelWidth, report.Source switch
        {
            RuleSource.Kernel => $"the kernel's, {string.Join(" and ", report.Stack!.Lengths)} instructions",
            RuleSource.Specification => $"as asked for in {report.SpecPath}{(report.Filters > 1 ? "; it has put further filters on top, which --dump shows" : "")}",
            _ => new Cell("not known: no specification can be read; --dump asks the kernel, as root", Ink.Caution),
        });
        if (report.Flags.Count > 0)
            paper.Labelled(new Cell("flags", Ink.Accent), LabelWidth, string.Join(", ", report.Flags));
        if (report.Stack is not { } stack)
            return;
        var (blocked, conditional, all) = stack.Totals();
        paper.Labelled(new Cell("refused", Ink.Accent), LabelWidth, $"{blocked} of {all} system calls of this machine, and {conditional} by their arguments");
        paper.Line();
        PrivilegeText.Write(paper, new SeccompSection { Mode = report.Mode, Groups = stack.Groups() });
    }

    private static Cell Mode(SeccompReport report) => report.Mode switch
    {
        SeccompMode.Disabled => new Cell("disabled: every system call is let through", Ink.Caution),
        SeccompMode.Strict => new Cell("strict: read, write, exit and sigreturn alone", Ink.Good),
        SeccompMode.Filter => new Cell(report.Filters is > 1 and var count ? $"filter: {count} stacked, the strictest answer counts" : "filter"),
        _ => new Cell("not told: the kernel is built without seccomp", Ink.Faint),
    };
}

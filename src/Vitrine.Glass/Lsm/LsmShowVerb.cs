using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Glass.Explain;
using Vitrine.Insight.Privileges;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Lsm;

/// <summary><c>vitrine lsm show</c></summary>
internal sealed class LsmShowVerb : ShowVerb
{
    private const int LabelWidth = 18;

    private readonly BoolFlag _quiet;

    public LsmShowVerb() : base("lsm") =>
        _quiet = Flags.Bool("quiet", 'q', "Print nothing: exit with 0 where a module holds it back, with 1 where none does");

    public override string Details =>
        "Which security modules the kernel has, what AppArmor or SELinux calls the process and whether that\n"
        + "is enforced, and what Yama, Landlock and lockdown are set to.";

    /// <summary>1 is an answer of --quiet.</summary>
    public override int FailureCode => 2;

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var target = GlassTarget.Find(context, arguments[0]);
        var report = LsmReport.Read(target.Pid, ProcFs.Host) with { Container = target.Hints?.Name };
        if (_quiet.Value)
            return Task.FromResult(report.IsConfined ? 0 : 1);
        Show(context, report.ToJson, paper => Write(paper, report));
        return Task.FromResult(0);
    }

    internal static void Write(Paper paper, LsmReport report)
    {
        paper.Line($"{report.Container ?? report.Command}: process {report.Pid}", Ink.Strong);
        paper.Line();
        Say(paper, "modules", report.Modules is { } modules ? string.Join(", ", modules) : "not known: /sys/kernel/security/lsm cannot be read (is securityfs mounted?)",
            "Each is asked in turn, after the ordinary permissions; any of them can refuse, none can allow.");
        Label(paper, report);
        if (report.AtExec is { } next)
            Say(paper, "at exec", next, "What it starts next gets this label.");
        if (report.PtraceScope is { } scope)
            Say(paper, "yama", $"ptrace_scope {scope}", Scope(scope));
        if (report.Modules?.Contains("landlock") == true)
            Say(paper, "landlock", "there", "A process may have confined itself with it; the kernel shows that nowhere.");
        if (report.Lockdown is { } lockdown)
            Say(paper, "lockdown", lockdown, lockdown == "none" ? "Root may change the kernel." : "Not even root may change the kernel" + (lockdown == "confidentiality" ? ", or read its memory." : "."));
        Say(paper, "no new privileges", report.NoNewPrivileges switch { true => "on", false => "off", null => "not told by this kernel" }, null);
    }

    private static void Label(Paper paper, LsmReport report)
    {
        if (report.Problem is { } problem)
        {
            Say(paper, "label", new Cell($"unreadable: {problem}", Ink.Caution), null);
            return;
        }

        if (report.Module is not { } module)
        {
            Say(paper, "label", new Cell("none", Ink.Caution), "Neither AppArmor nor SELinux is there to confine it.");
            return;
        }

        Say(paper, module, new Cell($"{report.Label}{(report.Mode is { } mode && mode != report.Label ? $" ({mode})" : "")}", report.IsConfined ? Ink.Good : Ink.Caution), report.Mode switch
        {
            "enforce" => "What the policy does not allow is refused, to root too.",
            "complain" => "What the profile does not allow is logged, and done.",
            "permissive" => "SELinux is permissive: what the policy does not allow is logged, and done.",
            "unconfined" => "The module is there, but does not hold this process back.",
            "kill" => "What the profile does not allow ends the process.",
            _ => "The module's policy decides by this label.",
        });
        if (report.ProfileLoaded is { } loaded)
            Say(paper, "profile", new Cell(loaded ? "loaded" : "not loaded", loaded ? Ink.Good : Ink.Bad), loaded ? null : "It was replaced or removed since: what is refused now cannot be told.");
    }

    private static string Scope(int scope) => scope switch
    {
        0 => "A process may trace any other of its user.",
        1 => "A process may trace what it started, and who asked for it; root any.",
        2 => "Only root may trace.",
        _ => "Nobody may trace, until the next boot.",
    };

    private static void Say(Paper paper, string name, Cell value, string? meaning)
    {
        if (meaning is null)
            paper.Labelled(new Cell(name, Ink.Accent), LabelWidth, value);
        else
            paper.Labelled(new Cell(name, Ink.Accent), LabelWidth, value, new Cell(meaning, Ink.Faint));
    }
}

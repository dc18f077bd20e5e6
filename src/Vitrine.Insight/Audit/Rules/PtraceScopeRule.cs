namespace Vitrine.Insight.Audit.Rules;

/// <summary>Yama's ptrace_scope.</summary>
internal sealed class PtraceScopeRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA205", "Tracing among a user's processes", Severity.Note, Gain.Hygiene)
    {
        Reason = "A process reads the memory of every other of the same user: containers of one user id among them, where they see each other.",
        Fix = "sysctl kernel.yama.ptrace_scope=1",
        References = ["ptrace(2)"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        var value = host.Number("kernel/yama/ptrace_scope");
        if (value is null or 0)
            report.Add(value is null ? "Yama is not in this kernel: processes of one user trace each other." : "Processes of one user trace each other.",
                new Evidence(HostFacts.SysctlPath("kernel/yama/ptrace_scope"), value is null ? "not there" : "0"));
    }
}

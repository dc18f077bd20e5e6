namespace Vitrine.Insight.Audit.Rules;

/// <summary>suid_dumpable.</summary>
internal sealed class SetuidDumpsRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA215", "Core dumps of set-user-id programs", Severity.Low, Gain.Information)
    {
        Reason = "Memory of privileged programs is left in files of ordinary users.",
        Fix = "sysctl fs.suid_dumpable=0",
        References = ["proc_sys_fs(5)"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        if (host.Number("fs/suid_dumpable") is 1 and var value)
            report.Add("Set-user-id programs leave core dumps.", new Evidence(HostFacts.SysctlPath("fs/suid_dumpable"), $"{value}"));
    }
}

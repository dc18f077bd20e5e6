namespace Vitrine.Insight.Audit.Rules;

/// <summary>kexec_load_disabled.</summary>
internal sealed class KexecLoadableRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA210", "Another kernel can be loaded", Severity.Note, Gain.Hygiene)
    {
        Reason = "Root starts a kernel of its own choice, past a signed boot.",
        Fix = "sysctl kernel.kexec_load_disabled=1",
        References = ["kexec_load(2)"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        if (host.Number("kernel/kexec_load_disabled") is 0 and var value)
            report.Add("kexec may load another kernel.", new Evidence(HostFacts.SysctlPath("kernel/kexec_load_disabled"), $"{value}"));
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>kptr_restrict.</summary>
internal sealed class KernelPointersRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA203", "Kernel addresses readable", Severity.Low, Gain.Information)
    {
        Reason = "Addresses in /proc/kallsyms spare an exploit the guessing.",
        Fix = "sysctl kernel.kptr_restrict=1 (or 2)",
        References = ["proc_sys_kernel(5)"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        if (host.Number("kernel/kptr_restrict") is 0 and var value)
            report.Add("Kernel addresses are shown to everybody.", new Evidence(HostFacts.SysctlPath("kernel/kptr_restrict"), $"{value}"));
    }
}

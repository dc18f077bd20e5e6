namespace Vitrine.Insight.Audit.Rules;

/// <summary>dmesg_restrict.</summary>
internal sealed class KernelLogRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA204", "Kernel log readable", Severity.Low, Gain.Information)
    {
        Reason = "The log tells addresses, devices and what other containers made it say.",
        Fix = "sysctl kernel.dmesg_restrict=1",
        References = ["proc_sys_kernel(5)"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        if (host.Number("kernel/dmesg_restrict") is 0 and var value)
            report.Add("Every process may read the kernel's log.", new Evidence(HostFacts.SysctlPath("kernel/dmesg_restrict"), $"{value}"));
    }
}

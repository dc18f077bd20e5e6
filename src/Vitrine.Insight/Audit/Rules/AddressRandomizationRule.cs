namespace Vitrine.Insight.Audit.Rules;

/// <summary>randomize_va_space.</summary>
internal sealed class AddressRandomizationRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA214", "Addresses are not random", Severity.Medium, Gain.Hygiene)
    {
        Reason = "Every exploit of a program's memory is easier.",
        Fix = "sysctl kernel.randomize_va_space=2",
        References = ["proc_sys_kernel(5)"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        if (host.Number("kernel/randomize_va_space") is < 2 and var value)
            report.Add("Addresses of programs are not fully random.", new Evidence(HostFacts.SysctlPath("kernel/randomize_va_space"), $"{value}"));
    }
}

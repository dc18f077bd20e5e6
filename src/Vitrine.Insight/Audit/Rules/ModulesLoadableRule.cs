namespace Vitrine.Insight.Audit.Rules;

/// <summary>modules_disabled.</summary>
internal sealed class ModulesLoadableRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA207", "Modules can be loaded", Severity.Note, Gain.Hygiene)
    {
        Reason = "Root, and who is as good as root, brings code into the kernel.",
        Fix = "sysctl kernel.modules_disabled=1 once all that is needed is loaded",
        References = ["proc_sys_kernel(5)"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        if (host.Number("kernel/modules_disabled") is 0 and var value)
            report.Add("Modules can still be loaded.", new Evidence(HostFacts.SysctlPath("kernel/modules_disabled"), $"{value}"));
    }
}

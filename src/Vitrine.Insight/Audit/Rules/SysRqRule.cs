namespace Vitrine.Insight.Audit.Rules;

/// <summary>All SysRq functions from the keyboard.</summary>
internal sealed class SysRqRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA211", "Magic SysRq", Severity.Note, Gain.DenialOfService)
    {
        Reason = "A write to /proc/sysrq-trigger reboots or crashes the host, whatever this setting is; it bounds what the keyboard may do.",
        Fix = "sysctl kernel.sysrq=0",
        References = ["Documentation/admin-guide/sysrq"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        if (host.Number("kernel/sysrq") is 1 and var value)
            report.Add("Every function of SysRq is on.", new Evidence(HostFacts.SysctlPath("kernel/sysrq"), $"{value}"));
    }
}

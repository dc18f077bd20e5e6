namespace Vitrine.Insight.Audit.Rules;

/// <summary>unprivileged_bpf_disabled.</summary>
internal sealed class UnprivilegedBpfRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA208", "BPF for everybody", Severity.Medium, Gain.HostRoot)
    {
        Reason = "The verifier's flaws are reached without any capability.",
        Fix = "sysctl kernel.unprivileged_bpf_disabled=1",
        References = ["bpf(2)", "CVE-2021-3490", "CVE-2022-23222"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        if (host.Number("kernel/unprivileged_bpf_disabled") is 0 and var value)
            report.Add("Every user may load BPF programs.", new Evidence(HostFacts.SysctlPath("kernel/unprivileged_bpf_disabled"), $"{value}"));
    }
}

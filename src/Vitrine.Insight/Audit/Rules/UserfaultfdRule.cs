namespace Vitrine.Insight.Audit.Rules;

/// <summary>unprivileged_userfaultfd.</summary>
internal sealed class UserfaultfdRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA218", "userfaultfd for everybody", Severity.Low, Gain.Hygiene)
    {
        Reason = "It makes races in the kernel easy to win.",
        Fix = "sysctl vm.unprivileged_userfaultfd=0",
        References = ["userfaultfd(2)"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        if (host.Number("vm/unprivileged_userfaultfd") is 1 and var value)
            report.Add("Every user may stop the kernel at a page fault.", new Evidence(HostFacts.SysctlPath("vm/unprivileged_userfaultfd"), $"{value}"));
    }
}

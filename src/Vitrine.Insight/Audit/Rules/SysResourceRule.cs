using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_SYS_RESOURCE.</summary>
internal sealed class SysResourceRule() : CapabilityRule(Capability.CAP_SYS_RESOURCE)
{
    public override RuleInfo Info { get; } = new("VA023", "Capability SYS_RESOURCE", Severity.Medium, Gain.DenialOfService)
    {
        Reason = "Limits that hold others do not hold it.",
        Fix = Drop("SYS_RESOURCE"),
        References = [Reference.Cis("5.4")],
    };

    protected override string Effect(ContainerSubject container) => "exceeds resource limits, quotas and the space kept for root";
}

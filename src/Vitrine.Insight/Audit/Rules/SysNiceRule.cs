using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_SYS_NICE.</summary>
internal sealed class SysNiceRule() : CapabilityRule(Capability.CAP_SYS_NICE)
{
    public override RuleInfo Info { get; } = new("VA028", "Capability SYS_NICE", Severity.Low, Gain.DenialOfService)
    {
        Reason = "Real-time priority starves the host.",
        Fix = Drop("SYS_NICE"),
        References = [Reference.Cis("5.4")],
    };

    protected override string Effect(ContainerSubject container) => "raises its priority over the host's programs and moves them between processors";
}

using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_MAC_OVERRIDE.</summary>
internal sealed class MacOverrideRule() : CapabilityRule(Capability.CAP_MAC_OVERRIDE)
{
    public override RuleInfo Info { get; } = new("VA025", "Capability MAC_OVERRIDE", Severity.High, Gain.HostData)
    {
        Reason = "One of the walls is not there for it.",
        Fix = Drop("MAC_OVERRIDE"),
        References = [Reference.Cis("5.4")],
    };

    protected override string Effect(ContainerSubject container) => "ignores the security module's policy";
}

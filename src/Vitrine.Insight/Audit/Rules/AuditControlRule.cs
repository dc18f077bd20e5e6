using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_AUDIT_CONTROL.</summary>
internal sealed class AuditControlRule() : CapabilityRule(Capability.CAP_AUDIT_CONTROL)
{
    public override RuleInfo Info { get; } = new("VA026", "Capability AUDIT_CONTROL", Severity.Medium, Gain.Information)
    {
        Reason = "What it does then is not recorded.",
        Fix = Drop("AUDIT_CONTROL"),
        References = [Reference.Cis("5.4")],
    };

    protected override string Effect(ContainerSubject container) => "turns the host's audit off and changes its rules";
}

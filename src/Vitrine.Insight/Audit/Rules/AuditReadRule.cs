using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_AUDIT_READ.</summary>
internal sealed class AuditReadRule() : CapabilityRule(Capability.CAP_AUDIT_READ)
{
    public override RuleInfo Info { get; } = new("VA031", "Capability AUDIT_READ", Severity.Medium, Gain.Information)
    {
        Reason = "It tells what everybody on the host does.",
        Fix = Drop("AUDIT_READ"),
        References = [Reference.Cis("5.4")],
    };

    protected override string Effect(ContainerSubject container) => "reads the host's audit log as it is written";
}

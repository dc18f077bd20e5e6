using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_SYS_TIME.</summary>
internal sealed class SysTimeRule() : CapabilityRule(Capability.CAP_SYS_TIME)
{
    public override RuleInfo Info { get; } = new("VA022", "Capability SYS_TIME", Severity.Medium, Gain.DenialOfService)
    {
        Reason = "Certificates, logs and locks of the whole host depend on the clock.",
        Fix = Drop("SYS_TIME"),
        References = [Reference.Cis("5.4")],
    };

    protected override string Effect(ContainerSubject container) => "sets the clock of the host";
}

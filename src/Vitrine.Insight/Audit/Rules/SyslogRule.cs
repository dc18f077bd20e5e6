using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_SYSLOG.</summary>
internal sealed class SyslogRule() : CapabilityRule(Capability.CAP_SYSLOG)
{
    public override RuleInfo Info { get; } = new("VA021", "Capability SYSLOG", Severity.Medium, Gain.Information)
    {
        Reason = "Addresses of the kernel and what other containers made it log.",
        Fix = Drop("SYSLOG"),
        References = [Reference.Cis("5.4"), "syslog(2)"],
    };

    protected override string Effect(ContainerSubject container) => "reads the kernel's log and addresses";
}

using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_MAC_ADMIN.</summary>
internal sealed class MacAdminRule() : CapabilityRule(Capability.CAP_MAC_ADMIN)
{
    public override RuleInfo Info { get; } = new("VA024", "Capability MAC_ADMIN", Severity.High, Gain.HostRoot)
    {
        Reason = "The policy that holds containers and services back is its to load.",
        Fix = Drop("MAC_ADMIN"),
        References = [Reference.Cis("5.4")],
    };

    protected override string Effect(ContainerSubject container) => "changes the security module's policy";
}

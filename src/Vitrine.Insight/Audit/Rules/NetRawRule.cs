using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_NET_RAW.</summary>
internal sealed class NetRawRule() : CapabilityRule(Capability.CAP_NET_RAW)
{
    public override RuleInfo Info { get; } = new("VA019", "Capability NET_RAW", Severity.Low, Gain.OtherContainers)
    {
        Reason = "Spoofed ARP and DNS answers turn the traffic of other containers to this one.",
        Fix = Drop("NET_RAW"),
        References = [Reference.Cis("5.4"), "packet(7)"],
    };

    protected override string Effect(ContainerSubject container) => "sends forged packets: it answers ARP and DNS for its neighbours on the bridge";
}

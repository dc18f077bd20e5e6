using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_MKNOD.</summary>
internal sealed class MknodRule() : CapabilityRule(Capability.CAP_MKNOD)
{
    public override RuleInfo Info { get; } = new("VA020", "Capability MKNOD", Severity.Low, Gain.HostData)
    {
        Reason = "A device node for the host's disk gives all its files; whether it opens, the device cgroup decides.",
        Fix = Drop("MKNOD"),
        References = [Reference.Cis("5.4"), "mknod(2)"],
    };

    protected override string Effect(ContainerSubject container) => container.Explanation.Devices.AllAllowed == true ? "makes nodes for the host's disks, and the device cgroup lets it open them" : "makes device nodes, held only by the device cgroup";

    protected override (Severity Severity, Gain Gain) Weigh(ContainerSubject container) =>
        container.Explanation.Devices.AllAllowed == true ? (Severity.Critical, Gain.HostRoot) : (Info.Severity, Gain.Hygiene);
}

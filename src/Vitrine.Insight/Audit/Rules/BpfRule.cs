using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_BPF.</summary>
internal sealed class BpfRule() : CapabilityRule(Capability.CAP_BPF)
{
    public override RuleInfo Info { get; } = new("VA015", "Capability BPF", Severity.High, Gain.HostRoot)
    {
        Reason = "Tracing programs read the memory of all processes and of the kernel.",
        Fix = Drop("BPF"),
        References = [Reference.Cis("5.4"), "bpf(2)"],
    };

    protected override string Effect(ContainerSubject container) => "loads BPF programs that see, and with CAP_PERFMON or CAP_NET_ADMIN change, what the host does";
}

using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_SYS_RAWIO.</summary>
internal sealed class SysRawioRule() : CapabilityRule(Capability.CAP_SYS_RAWIO)
{
    public override RuleInfo Info { get; } = new("VA012", "Capability SYS_RAWIO", Severity.Critical, Gain.HostRoot)
    {
        Reason = "iopl, ioperm and /dev/mem reach hardware and the memory of the kernel.",
        Fix = Drop("SYS_RAWIO"),
        References = [Reference.Cis("5.4")],
    };

    protected override string Effect(ContainerSubject container) => "reads and writes ports and, with a node for it, physical memory";
}

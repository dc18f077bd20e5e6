using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_SYS_MODULE.</summary>
internal sealed class SysModuleRule() : CapabilityRule(Capability.CAP_SYS_MODULE)
{
    public override RuleInfo Info { get; } = new("VA011", "Capability SYS_MODULE", Severity.Critical, Gain.HostRoot)
    {
        Reason = "A module is code in the kernel of the host.",
        Fix = Drop("SYS_MODULE"),
        References = [Reference.Cis("5.4"), "init_module(2)"],
    };

    protected override string Effect(ContainerSubject container) => "loads code into the host's kernel";
}

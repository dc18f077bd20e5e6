using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_IPC_LOCK.</summary>
internal sealed class IpcLockRule() : CapabilityRule(Capability.CAP_IPC_LOCK)
{
    public override RuleInfo Info { get; } = new("VA030", "Capability IPC_LOCK", Severity.Low, Gain.DenialOfService)
    {
        Reason = "Locked memory is missing for everybody else.",
        Fix = Drop("IPC_LOCK"),
        References = [Reference.Cis("5.4")],
    };

    protected override string Effect(ContainerSubject container) => "keeps memory from being swapped beyond its limit";
}

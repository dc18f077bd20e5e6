using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_SYS_PTRACE.</summary>
internal sealed class SysPtraceRule() : CapabilityRule(Capability.CAP_SYS_PTRACE)
{
    public override RuleInfo Info { get; } = new("VA013", "Capability SYS_PTRACE", Severity.High, Gain.OtherContainers)
    {
        Reason = "It reads and changes every process it can see; with the host's pid namespace these are the host's.",
        Fix = Drop("SYS_PTRACE"),
        References = [Reference.Cis("5.4"), "ptrace(2)"],
    };

    protected override string Effect(ContainerSubject container) => container.IsHosts("pid") ? "reads and changes the memory of every process of the host" : "reads and changes every process of its pid namespace, whatever user runs it";

    protected override (Severity Severity, Gain Gain) Weigh(ContainerSubject container) =>
        container.IsHosts("pid") ? (Severity.Critical, Gain.HostRoot) : container.Namespace("pid")?.Scope == NamespaceScope.Shared ? (Severity.High, Gain.OtherContainers) : (Severity.Medium, Gain.Hygiene);
}

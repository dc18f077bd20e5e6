using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_SYS_BOOT.</summary>
internal sealed class SysBootRule() : CapabilityRule(Capability.CAP_SYS_BOOT)
{
    public override RuleInfo Info { get; } = new("VA017", "Capability SYS_BOOT", Severity.High, Gain.DenialOfService)
    {
        Reason = "Outside a pid namespace of its own, reboot(2) stops the host; kexec_load(2) starts another kernel from anywhere.",
        Fix = Drop("SYS_BOOT"),
        References = [Reference.Cis("5.4"), "reboot(2)"],
    };

    protected override string Effect(ContainerSubject container) => container.IsHosts("pid") ? "reboots the host, and loads another kernel" : "loads another kernel for the next kexec";

    protected override (Severity Severity, Gain Gain) Weigh(ContainerSubject container) =>
        container.IsHosts("pid") ? (Severity.High, Gain.HostRoot) : (Info.Severity, Info.Gain);
}

using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_LINUX_IMMUTABLE.</summary>
internal sealed class LinuxImmutableRule() : CapabilityRule(Capability.CAP_LINUX_IMMUTABLE)
{
    public override RuleInfo Info { get; } = new("VA029", "Capability LINUX_IMMUTABLE", Severity.Low, Gain.DenialOfService)
    {
        Reason = "Volumes and layers are left behind, full disks with them.",
        Fix = Drop("LINUX_IMMUTABLE"),
        References = [Reference.Cis("5.4")],
    };

    protected override string Effect(ContainerSubject container) => "makes files that not even the host's root can delete at once";
}

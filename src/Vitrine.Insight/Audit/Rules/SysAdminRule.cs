using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_SYS_ADMIN.</summary>
internal sealed class SysAdminRule() : CapabilityRule(Capability.CAP_SYS_ADMIN)
{
    public override RuleInfo Info { get; } = new("VA010", "Capability SYS_ADMIN", Severity.Critical, Gain.HostRoot)
    {
        Reason = "Mounting filesystems and cgroup v1's release_agent lead to root on the host in a few commands.",
        Fix = Drop("SYS_ADMIN"),
        References = [Reference.Cis("5.4"), "capabilities(7)"],
    };

    protected override string Effect(ContainerSubject container) => "mounts, enters namespaces, and does what hundreds of other calls ask root for";
}

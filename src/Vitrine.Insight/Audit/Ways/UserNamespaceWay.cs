using Vitrine.Insight.Audit.Known;
using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Ways;

/// <summary>unshare, and the kernel behind it.</summary>
internal sealed class UserNamespaceWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA518", "A kernel flaw behind user namespaces", Severity.High, Gain.HostRoot)
    {
        Reason = "In a user namespace of its own it reaches nf_tables, overlayfs and mounts, and their flaws.",
        Fix = "keep the seccomp profile; update the kernel; user.max_user_namespaces=0 where nothing rootless runs",
        References = ["CVE-2024-1086", "CVE-2022-0185"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "make a user namespace, in which it has every capability",
        "reach the part of the kernel that has the flaw",
        "raise the process to root of the host",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.KernelFlaw(container, KernelNeed.UserNamespace);
        yield return Conditions.Any("a user namespace to be made, or CAP_NET_ADMIN or CAP_SYS_ADMIN in its own",
            MakesNamespaces(container), HasInside(container));
    }

    private static Precondition MakesNamespaces(ContainerSubject container)
    {
        var lets = Conditions.Sysctl(container, "user namespaces", "user/max_user_namespaces", value => value > 0, false);
        return lets.IsMet == true ? Conditions.SeccompLets(container, "unshare") : lets;
    }

    private static Precondition HasInside(ContainerSubject container)
    {
        var has = container.PowerOf(Capability.CAP_NET_ADMIN) == Power.Held || container.PowerOf(Capability.CAP_SYS_ADMIN) == Power.Held;
        return new Precondition("a capability", has, has ? "CapEff has one" : "CapEff has neither", container.Source("status"));
    }
}

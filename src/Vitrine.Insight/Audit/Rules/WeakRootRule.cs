using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>A chroot, or the host's own root.</summary>
internal sealed class WeakRootRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA056", "Root directory is no wall", Severity.High, Gain.HostRoot)
    {
        Reason = "A second chroot and a few .. lead out of a chroot; a container that uses the host's root needs not even that.",
        Fix = "use pivot_root in a mount namespace, as every engine does",
        References = ["chroot(2)", "pivot_root(2)"],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        var root = container.Explanation.Root;
        if (container.IsHosts("mnt"))
            return; // HostMountRule speaks of that.
        if (root.Kind == RootKind.Host)
            report.Add(container.IsHostRoot ? Severity.Critical : Severity.Medium, container.IsHostRoot ? Gain.HostRoot : Gain.HostData, "The host's root filesystem is its own.", new Evidence(container.Source("root"), "/ of the host"));
        else if (root.Kind == RootKind.Chroot && container.PowerOf(Capability.CAP_SYS_CHROOT) == Power.Held)
            report.Add("It is held by a chroot, and has CAP_SYS_CHROOT to leave it.", new Evidence(container.Source("root"), "a chroot"));
    }
}

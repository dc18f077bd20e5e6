using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Ways;

/// <summary>A writable lxcfs.</summary>
internal sealed class LxcfsWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA514", "lxcfs", Severity.High, Gain.HostRoot)
    {
        Reason = "lxcfs serves the host's cgroups: devices.allow is written there.",
        Fix = "mount single files of lxcfs, read-only",
        References = ["https://github.com/lxc/lxcfs"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "find its own group in the mounted lxcfs",
        "allow itself every device in devices.allow there",
        "make a node for the host's disk and open it",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.Mount(container, "lxcfs mounted writable", mount => mount is { FileSystem: "fuse.lxcfs", ReadOnly: false });
        yield return Conditions.Root(container);
        yield return Conditions.Has(container, Capability.CAP_MKNOD);
    }
}

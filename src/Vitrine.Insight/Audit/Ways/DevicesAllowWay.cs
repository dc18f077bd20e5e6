using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Ways;

/// <summary>The device cgroup, written from inside.</summary>
internal sealed class DevicesAllowWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA515", "devices.allow of cgroup v1", Severity.High, Gain.HostRoot)
    {
        Reason = "The container allows itself the host's disk.",
        Fix = "let the engine mount /sys/fs/cgroup read-only; --cap-drop SYS_ADMIN,MKNOD",
        References = ["Documentation/admin-guide/cgroup-v1/devices"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "reach the devices hierarchy: mounted writable, or mounted anew",
        "write a to devices.allow of its own group, where its parents allow it",
        "make a node for the host's disk and open it",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        var v1 = container.Host.CgroupV1Mounts.Any(path => path.Contains("devices", StringComparison.Ordinal));
        yield return new Precondition("the devices controller in cgroup v1", v1, v1 ? "it is mounted" : "it is not mounted", "/proc/self/mountinfo");
        yield return Conditions.Root(container);
        yield return Conditions.Has(container, Capability.CAP_SYS_ADMIN);
        yield return Conditions.Has(container, Capability.CAP_MKNOD);
        yield return Conditions.Any("the hierarchy mounted writable, or mount(2)",
            Conditions.Mount(container, "a writable hierarchy", mount => mount is { FileSystem: "cgroup", ReadOnly: false, Class: MountClass.Kernel }), Conditions.SeccompLets(container, "mount", "fsopen"));
        yield return Conditions.Unconfined(container);
    }
}

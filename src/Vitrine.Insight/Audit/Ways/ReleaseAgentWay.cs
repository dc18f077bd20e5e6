using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Ways;

/// <summary>notify_on_release and release_agent.</summary>
internal sealed class ReleaseAgentWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA503", "cgroup v1's release_agent", Severity.Critical, Gain.HostRoot)
    {
        Reason = "The kernel runs the program that release_agent names, as root of the host, when a group empties.",
        Fix = "run without --privileged and without --cap-add SYS_ADMIN; keep the seccomp and AppArmor profiles; use cgroup v2",
        References = ["CVE-2022-0492", "cgroups(7)"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "mount a cgroup v1 hierarchy inside, or take one that is mounted writable",
        "write the place that a script of the container has on the host (its overlay's upper directory) to release_agent at the hierarchy's root",
        "make a group with notify_on_release, put a process in it and let it end",
        "the kernel runs the script on the host",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        var v1 = container.Host.CgroupV1Mounts;
        yield return new Precondition("cgroup v1 on the host", v1.Count > 0, v1.Count > 0 ? v1[0] : "only v2 is mounted", "/proc/self/mountinfo");
        yield return Conditions.Root(container);
        yield return Conditions.Any("CAP_SYS_ADMIN, or a kernel that does not ask for it",
            Conditions.Has(container, Capability.CAP_SYS_ADMIN), Conditions.KernelFlaw(container, Known.KernelNeed.CgroupV1));
        yield return Conditions.Any("a hierarchy mounted writable, or mount(2)",
            Conditions.Mount(container, "a writable hierarchy", mount => mount is { FileSystem: "cgroup", ReadOnly: false, Class: MountClass.Kernel }),
            Conditions.SeccompLets(container, "mount", "fsopen"));
        yield return Conditions.Unconfined(container);
    }
}

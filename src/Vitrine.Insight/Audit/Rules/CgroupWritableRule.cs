using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>cgroupfs for writing.</summary>
internal sealed class CgroupWritableRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA066", "Writable cgroups", Severity.Medium, Gain.DenialOfService)
    {
        Reason = "It raises its own limits; on cgroup v1 with CAP_SYS_ADMIN release_agent runs a program as root on the host.",
        Fix = "let the engine mount /sys/fs/cgroup read-only",
        References = [Reference.Cis("5.25"), "CVE-2022-0492"],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (!container.IsHostRoot)
            return;
        var writable = container.SingleMounts.Where(mount => mount is { Class: MountClass.Kernel, ReadOnly: false, FileSystem: "cgroup" or "cgroup2" }).ToList();
        if (writable.Count == 0)
            return;
        var escapes = container.Holds(Capability.CAP_SYS_ADMIN) && writable.Exists(mount => mount.FileSystem == "cgroup");
        var names = string.Join(", ", writable.Select(mount => mount.Destination).Distinct());
        report.Add(escapes ? Severity.Critical : Info.Severity, escapes ? Gain.HostRoot : Info.Gain,
            escapes ? $"{names} writable, release_agent with CAP_SYS_ADMIN too." : $"{names} writable: it changes its own limits.", [.. writable.Select(container.Mounted)]);
    }
}

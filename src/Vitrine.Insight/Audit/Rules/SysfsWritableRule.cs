using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>sysfs for writing.</summary>
internal sealed class SysfsWritableRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA065", "Writable /sys", Severity.Medium, Gain.HostRoot)
    {
        Reason = "uevent_helper names a program that the host runs as root; devices and power states are set there.",
        Fix = "let the engine mount it read-only: no --privileged, no -v /sys",
        References = ["sysfs(5)"],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        foreach (var mount in container.SingleMounts)
        {
            if (mount is { FileSystem: "sysfs", ReadOnly: false } && mount.Class != MountClass.Masked && container.IsHostRoot)
                report.Add(container.Holds(Capability.CAP_SYS_ADMIN) ? Severity.High : Info.Severity, Info.Gain, $"{mount.Destination} is writable for its root.", container.Mounted(mount));
        }
    }
}

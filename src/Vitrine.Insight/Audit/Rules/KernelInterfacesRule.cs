namespace Vitrine.Insight.Audit.Rules;

/// <summary>debugfs, tracefs, bpf or securityfs.</summary>
internal sealed class KernelInterfacesRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA070", "Kernel's debugging filesystems inside", Severity.Medium, Gain.HostRoot)
    {
        Reason = "debugfs and tracefs show and change the insides of the kernel; bpffs holds programs of others; securityfs the policy.",
        Fix = "do not mount /sys/kernel or its parts into containers",
        References = ["debugfs, tracefs: Documentation/filesystems"],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        foreach (var mount in container.SingleMounts)
        {
            if (mount is { FileSystem: "debugfs" or "tracefs" or "bpf" or "securityfs" or "configfs" } && mount.Class != MountClass.Masked && !container.HasUserNamespace)
                report.Add(mount.ReadOnly || !container.IsHostRoot ? Severity.Low : Info.Severity, mount.ReadOnly || !container.IsHostRoot ? Gain.Information : Info.Gain, $"{mount.FileSystem} is mounted at {mount.Destination}.", container.Mounted(mount));
        }
    }
}

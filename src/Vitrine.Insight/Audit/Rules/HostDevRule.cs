namespace Vitrine.Insight.Audit.Rules;

/// <summary>The whole /dev of the host.</summary>
internal sealed class HostDevRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA069", "Host's /dev inside", Severity.High, Gain.HostData)
    {
        Reason = "Every device has a node there: disks, memory, terminals of others.",
        Fix = "run without -v /dev:/dev and name single devices with --device",
        References = [Reference.Cis("5.6"), Reference.Cis("5.18")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        foreach (var mount in container.SingleMounts)
        {
            if (mount is { FileSystem: "devtmpfs", Class: MountClass.Device } && mount.Destination.EndsWith("/dev", StringComparison.Ordinal))
                report.Add(container.Explanation.Devices.AllAllowed == true ? Severity.Critical : Info.Severity, Info.Gain, $"The host's /dev is at {mount.Destination}.", container.Mounted(mount));
        }
    }
}

using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>A device cgroup that holds nothing back.</summary>
internal sealed class AllDevicesRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA075", "Every device allowed", Severity.High, Gain.HostRoot)
    {
        Reason = "With CAP_MKNOD, or a node in its /dev, disks and memory of the host open.",
        Fix = "run without --privileged and name single devices with --device",
        References = [Reference.Cis("5.18")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        var devices = container.Explanation.Devices;
        if (devices.AllAllowed == true && !container.HasUserNamespace)
            report.Add(container.PowerOf(Capability.CAP_MKNOD) == Power.None ? Severity.Medium : Info.Severity, Info.Gain, "Its device cgroup allows every device.", Evidences.Devices(container, "a *:* rwm"));
        else if (devices.AllAllowed is null)
            report.CannotTell(container.Source("cgroup"), "what its device cgroup allows is not known");
    }
}

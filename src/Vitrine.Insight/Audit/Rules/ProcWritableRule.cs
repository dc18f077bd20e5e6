namespace Vitrine.Insight.Audit.Rules;

/// <summary>Kernel settings that know no namespaces, for writing.</summary>
internal sealed class ProcWritableRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA064", "Writable /proc/sys", Severity.High, Gain.HostRoot)
    {
        Reason = "kernel.core_pattern names a program that the host runs as root at the next crash; binfmt_misc and modprobe do the like.",
        Fix = "let the engine mount it read-only: no --privileged, no --security-opt systempaths=unconfined, no -v /proc",
        References = ["proc(5)", "core(5)"],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        foreach (var mount in container.SingleMounts)
        {
            if (mount is not { FileSystem: "proc", ReadOnly: false } || mount.Class is MountClass.Masked)
                continue;
            var sys = mount.Destination == "/" ? "/sys" : $"{mount.Destination}/sys";
            if (mount.Class == MountClass.Kernel && container.MountOf(sys) is { ReadOnly: true })
                continue;
            if (container.IsHostRoot)
                report.Add($"{sys} is writable: its root sets kernel.core_pattern for the host.", container.Mounted(mount));
            else if (!container.HasUserNamespace)
                report.Add(Severity.Low, Gain.Hygiene, $"{sys} is mounted writable; only that it is not root holds it.", container.Mounted(mount));
        }
    }
}

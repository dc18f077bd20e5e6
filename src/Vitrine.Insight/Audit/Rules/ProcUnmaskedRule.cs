namespace Vitrine.Insight.Audit.Rules;

/// <summary>A /proc without the masks that engines lay over it.</summary>
internal sealed class ProcUnmaskedRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA067", "Unmasked /proc", Severity.Low, Gain.Information)
    {
        Reason = "/proc/kcore, keys, timer_list and others tell of the host and its kernel.",
        Fix = "let the engine mask it: no --privileged, no --security-opt systempaths=unconfined",
        References = [Reference.Cis("5.5")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        var proc = container.Mounts.FirstOrDefault(mount => mount is { Destination: "/proc", FileSystem: "proc" });
        if (proc is null || container.HasUserNamespace || container.Mounts.Any(mount => mount.Class == MountClass.Masked && mount.Destination.StartsWith("/proc/", StringComparison.Ordinal)))
            return;
        report.Add("Nothing in its /proc is masked.", container.Mounted(proc));
    }
}

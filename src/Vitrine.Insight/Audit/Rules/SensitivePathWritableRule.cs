namespace Vitrine.Insight.Audit.Rules;

/// <summary>A directory of the host that must not be written.</summary>
internal sealed class SensitivePathWritableRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA062", "Sensitive host directory writable", Severity.High, Gain.HostRoot)
    {
        Reason = "What is written there the host executes or believes: accounts, services, start-up files, kernels.",
        Fix = "mount a directory made for the container, or mount read-only (:ro)",
        References = [Reference.Cis("5.6")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        foreach (var mount in container.HostMounts())
        {
            if (!mount.ReadOnly && SensitivePaths.Of(mount) is { } path)
                report.Add(Info.Severity, path.WhenWritten, $"{mount.Source} of the host is writable at {mount.Destination}: {path.What}.", container.Mounted(mount));
        }
    }
}

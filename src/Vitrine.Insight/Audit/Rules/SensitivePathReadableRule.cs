namespace Vitrine.Insight.Audit.Rules;

/// <summary>A directory of the host that must not be read.</summary>
internal sealed class SensitivePathReadableRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA063", "Sensitive host directory readable", Severity.Medium, Gain.HostData)
    {
        Reason = "Password hashes, keys, tokens and other containers' files are read there.",
        Fix = "mount a directory made for the container",
        References = [Reference.Cis("5.6")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        foreach (var mount in container.HostMounts())
        {
            if (mount.ReadOnly && SensitivePaths.Of(mount) is { } path)
                report.Add(Info.Severity, path.WhenRead, $"{mount.Source} of the host is readable at {mount.Destination}: {path.What}.", container.Mounted(mount));
        }
    }
}

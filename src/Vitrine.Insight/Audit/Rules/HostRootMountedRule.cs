namespace Vitrine.Insight.Audit.Rules;

/// <summary>The root directory of the host.</summary>
internal sealed class HostRootMountedRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA061", "Host's root directory inside", Severity.Critical, Gain.HostRoot)
    {
        Reason = "Every file of the host: /etc/shadow to read, and where it is writable /etc/cron.d and /root/.ssh to write.",
        Fix = "mount only the directory that is needed, read-only where possible",
        References = [Reference.Cis("5.6")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        foreach (var mount in container.HostMounts())
        {
            if (mount.Source != "/")
                continue;
            if (mount.ReadOnly)
                report.Add(Severity.High, Gain.HostData, $"The host's root directory is readable at {mount.Destination}.", container.Mounted(mount));
            else
                report.Add($"The host's root directory is writable at {mount.Destination}.", container.Mounted(mount));
        }
    }
}

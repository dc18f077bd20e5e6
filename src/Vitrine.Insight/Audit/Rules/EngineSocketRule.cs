namespace Vitrine.Insight.Audit.Rules;

/// <summary>The socket of an engine, or the directory it is in.</summary>
internal sealed class EngineSocketRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA060", "Engine's socket inside", Severity.Critical, Gain.HostRoot)
    {
        Reason = "Who can write to an engine's socket starts a container with the host's root in it. A read-only mount does not help.",
        Fix = "do not mount it; where a tool needs it, put a filtering proxy between (vitrine spy)",
        References = [Reference.Cis("5.32")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        foreach (var mount in container.HostMounts())
        {
            if (SensitivePaths.IsEngineSocket(mount.Source!))
                report.Add($"{mount.Source} of the host is at {mount.Destination}.", container.Mounted(mount));
            else if (SensitivePaths.SocketBelow(mount.Source!, container.Host) is { } socket)
                report.Add($"{mount.Source} of the host is at {mount.Destination}, and {socket} is in it.", container.Mounted(mount), new Evidence(socket, "a socket"));
        }
    }
}

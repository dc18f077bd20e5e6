
namespace Vitrine.Insight.Audit.Ways;

/// <summary>docker.sock and its like.</summary>
internal sealed class EngineSocketWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA502", "The engine's socket", Severity.Critical, Gain.HostRoot)
    {
        Reason = "Asks the engine for a container that has the host's root in it.",
        Fix = "do not mount the socket; or a proxy that refuses all but what is needed (vitrine spy)",
        References = ["https://docs.docker.com/engine/security/#docker-daemon-attack-surface"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "connect to the socket",
        "ask for a new container with the host's / as a mount, or with --privileged and the host's namespaces",
        "work in the host's root from there",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        var mount = container.HostMounts().FirstOrDefault(mount => SensitivePaths.IsEngineSocket(mount.Source!) || SensitivePaths.SocketBelow(mount.Source!, container.Host) is not null);
        if (mount is null)
        {
            yield return new Precondition("an engine's socket inside", false, "no such mount", container.Source("mountinfo"));
            yield break;
        }

        yield return new Precondition("an engine's socket inside", true, $"{mount.Source} is at {mount.Destination}", container.Source("mountinfo"));
        var socket = SensitivePaths.IsEngineSocket(mount.Source!) ? mount.Source! : SensitivePaths.SocketBelow(mount.Source!, container.Host)!;
        if (container.Host.File(socket) is not { } file || container.Self is not { } self)
            yield return new Precondition("its permissions let it connect", null, "the socket cannot be looked at from here", socket);
        else if (self.HostUid == file.Status.Uid || file.OthersMayWrite)
            yield return new Precondition("its permissions let it connect", true, file.Evidence.Value, socket);
        else
            yield return new Precondition("its permissions let it connect", file.GroupMayWrite || container.CanBeHostRoot ? null : false, $"{file.Evidence.Value}; it runs as {self.HostUid}", socket);
    }
}

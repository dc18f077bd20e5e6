namespace Vitrine.Insight.Audit.Ways;

/// <summary>dockerd on TCP without certificates.</summary>
internal sealed class DockerTcpWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA527", "The engine's port", Severity.Critical, Gain.HostRoot)
    {
        Reason = "Asks the engine for a container that has the host's root in it.",
        Fix = "remove -H tcp:// or ask for client certificates (--tlsverify)",
        References = ["https://docs.docker.com/engine/security/protect-access/"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "connect to the host's address, or the bridge's gateway, at the engine's port",
        "ask for a new container with the host's / as a mount",
        "work in the host's root from there",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        var open = container.Host.DockerDaemons.SelectMany(daemon => daemon.VerifiesClients ? [] : daemon.Hosts).FirstOrDefault(address => address.StartsWith("tcp:", StringComparison.Ordinal));
        yield return new Precondition("an engine on TCP without certificates", open is not null, open ?? "none listens so", "/proc/*/cmdline");
        if (open is null)
            yield break;
        var isLocal = open.StartsWith("tcp://127.", StringComparison.Ordinal) || open.StartsWith("tcp://localhost", StringComparison.Ordinal);
        var isHost = container.IsHosts("net");
        var isAlone = container.Explanation.Network.Interfaces is [{ Name: "lo" }] or [];
        yield return new Precondition("a network that reaches it", isHost ? true : isLocal || isAlone ? false : null,
            isHost ? "it uses the host's network" : isLocal ? "it listens on localhost of the host" : isAlone ? "it has no interface but loopback" : "a firewall may be between", container.Source("net/dev"));
    }
}

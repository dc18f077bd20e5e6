namespace Vitrine.Insight.Audit.Ways;

/// <summary>The host's network, and an old containerd.</summary>
internal sealed class AbstractShimWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA512", "containerd-shim's abstract socket", Severity.High, Gain.HostRoot)
    {
        Reason = "The shim starts what it is told, as root of the host.",
        Fix = "run without --network host; update containerd",
        References = ["CVE-2020-15257"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "find the shim's abstract socket in /proc/net/unix",
        "connect as root (only the user id is asked)",
        "have a container made with the host's root",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.HostNamespace(container, "net");
        yield return Conditions.Root(container);
        yield return Conditions.SoftwareFlaw(container, "containerd", "CVE-2020-15257");
    }
}

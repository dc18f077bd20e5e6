namespace Vitrine.Insight.Audit.Ways;

/// <summary>/var/log of the host and kubelet.</summary>
internal sealed class LogLinkWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA513", "A link in /var/log", Severity.High, Gain.HostData)
    {
        Reason = "Who serves the host's logs, as kubelet does, follows the link with root's rights.",
        Fix = "mount a directory made for the logs, not /var/log",
        References = ["https://blog.aquasec.com/kubernetes-security-pod-escape-log-mounts"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "replace a log in the mounted directory by a link to a file of the host",
        "ask kubelet for the log (by the API, or its port 10250)",
        "the file's content comes back",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.Mount(container, "the host's /var/log writable inside", mount => mount is { ReadOnly: false, Source: "/var/log" or "/var" or "/" or "/var/log/pods" or "/var/log/containers" });
        yield return Conditions.Root(container);
        var isThere = container.Host.Processes("kubelet").Any();
        yield return new Precondition("kubelet, or another server of logs that runs as root", isThere ? true : null, isThere ? "kubelet runs" : "kubelet does not run; others are not known", "/proc/*/stat");
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>Permissions of daemon.json, units and keys.</summary>
internal sealed class EngineFileModesRule : HostRule
{
    private static readonly string[] Paths =
    [
        "/etc/docker", "/etc/docker/daemon.json", "/etc/default/docker", "/etc/containerd", "/etc/containerd/config.toml", "/etc/containers",
        "/etc/crio", "/etc/crio/crio.conf", "/lib/systemd/system/docker.service", "/lib/systemd/system/docker.socket",
        "/lib/systemd/system/containerd.service",
    ];

    public override RuleInfo Info { get; } = new("VA242", "Engine's configuration or keys open to others", Severity.High, Gain.HostRoot)
    {
        Reason = "Who may write the configuration of an engine is root at its next start; its keys open its API.",
        Fix = "chmod 644 (keys 400) and chown root:root",
        References = [Reference.Cis("3.5"), Reference.Cis("3.17"), Reference.Cis("3.18"), Reference.Cis("3.14")],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var path in Paths)
        {
            if (host.File(path) is not { } file)
                continue;
            if (file.OthersMayWrite || file.GroupMayWrite && file.Status.Gid != 0 || file.Status.Uid != 0)
                report.Add($"{path} may be written by others than root.", file.Evidence);
        }

        foreach (var daemon in host.DockerDaemons)
        {
            if (daemon.Text("tlskey") is { } key && host.File(key) is { OthersMayRead: true } file)
                report.Add($"The server's key {key} may be read by everybody.", file.Evidence);
        }
    }
}

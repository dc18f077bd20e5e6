namespace Vitrine.Insight.Audit.Ways;

/// <summary>The host's root, or a directory of its configuration, writable.</summary>
internal sealed class HostFilesWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA525", "Files of the host that it executes", Severity.Critical, Gain.HostRoot)
    {
        Reason = "cron, systemd, ssh and the shell believe what lies in their directories.",
        Fix = "mount only the directory that is needed, read-only",
        References = ["crontab(5)", "sshd(8)"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "write a cron job, a unit, a key in authorized_keys or an account into the mounted directory",
        "wait until the host reads it",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.Root(container);
        yield return Conditions.Mount(container, "/ of the host, or a directory that it executes from, writable",
            mount => mount is { ReadOnly: false, Class: MountClass.Bind or MountClass.Other } && (mount.Source == "/" || SensitivePaths.Of(mount) is { WhenWritten: Gain.HostRoot } && mount.Source is not ("/proc" or "/sys" or "/dev" or "/run" or "/var/run")));
    }
}

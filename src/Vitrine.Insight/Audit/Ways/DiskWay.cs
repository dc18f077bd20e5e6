using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Ways;

/// <summary>Mounting or writing the host's disk.</summary>
internal sealed class DiskWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA501", "The host's disk", Severity.Critical, Gain.HostRoot)
    {
        Reason = "The host's root filesystem is mounted, or written block by block.",
        Fix = "run without --privileged and without --device of a disk",
        References = ["mount(2)", "mknod(2)"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "find the disk that the host's root is on (its numbers stand in /proc/self/mountinfo, or in /sys/block)",
        "make a node for it with mknod, or take the one that is in /dev",
        "mount it inside, or read and write the filesystem with a tool for it",
        "add a key, an account or a cron job in what was mounted",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.Root(container);
        var devices = container.Explanation.Devices;
        var source = devices.Facts.Count > 0 ? devices.Facts[0].Source : container.Source("cgroup");
        var disk = devices.Rules.FirstOrDefault(rule => rule.Type == 'b' && rule.Access.Contains('w', StringComparison.Ordinal));
        yield return new Precondition("a device cgroup that lets it open disks", devices.AllAllowed == true || disk is not null ? true : devices.AllAllowed,
            devices.AllAllowed == true ? "every device is allowed" : disk is not null ? $"b {disk.Major}:{disk.Minor} {disk.Access}" : devices.AllAllowed is null ? "what is allowed is not known" : "no block device is allowed", source);
        yield return Conditions.Any("a node for the disk, or CAP_MKNOD to make one", Conditions.Has(container, Capability.CAP_MKNOD), Node(container));
    }

    private static Precondition Node(ContainerSubject container)
    {
        foreach (var path in (ReadOnlySpan<string>)["/dev/sda", "/dev/vda", "/dev/xvda", "/dev/nvme0n1", "/dev/dm-0", "/dev/mmcblk0"])
        {
            if (container.Files.Look(path) is { Kind: FileKind.BlockDevice })
                return new Precondition("a node", true, $"{path} is there", container.Source($"root{path}"));
        }

        return new Precondition("a node", false, "no disk has a node in its /dev", container.Source("root/dev"));
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>Permissions of the engines' stores.</summary>
internal sealed class StoreModesRule : HostRule
{
    private const uint OthersEnter = 1;

    // containerd's own is entered by others on purpose, for user namespaces; what is below it is closed since 1.7.29.
    private static readonly (string Path, bool IsPublic)[] Stores =
    [
        ("/var/lib/docker", false), ("/var/lib/docker/containers", false), ("/var/lib/containers/storage/overlay", false), ("/var/lib/vitrine", false),
        ("/run/vitrine", false), ("/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs", false), ("/var/lib/containerd", true),
    ];

    public override RuleInfo Info { get; } = new("VA243", "Store open to others", Severity.Medium, Gain.HostData)
    {
        Reason = "Users of the host read the files of containers and images, set-user-id programs in them included.",
        Fix = "chmod 710 (docker) or 700 the directory; update the engine",
        References = ["CVE-2021-41091", "CVE-2024-25621"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var (path, isPublic) in Stores)
        {
            if (host.File(path) is not { } file)
                continue;
            if (file.OthersMayWrite)
                report.Add(Severity.Critical, Gain.HostRoot, $"{path} may be written by everybody.", file.Evidence);
            else if (!isPublic && (file.Status.Mode & OthersEnter) != 0)
                report.Add($"{path} may be entered by everybody.", file.Evidence);
        }
    }
}

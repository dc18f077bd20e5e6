using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Ways;

/// <summary>The "shocker" escape.</summary>
internal sealed class OpenByHandleWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA510", "open_by_handle_at", Severity.High, Gain.HostData)
    {
        Reason = "A file handle names a file by number, root directory or not.",
        Fix = "--cap-drop DAC_READ_SEARCH; keep the seccomp profile",
        References = ["open_by_handle_at(2)"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "open any file that is mounted from the host, as /etc/hosts is",
        "guess the handle of the host's root directory (inode 2), and of files below it by trying",
        "read every file of that filesystem",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.Has(container, Capability.CAP_DAC_READ_SEARCH);
        yield return Conditions.SeccompLets(container, "open_by_handle_at");
        yield return Conditions.Mount(container, "a file or directory of the host's disk inside", mount => mount.Class is MountClass.EngineFile or MountClass.Bind or MountClass.Volume);
    }
}

namespace Vitrine.Insight.Audit.Ways;

/// <summary>A pipe that keeps a page of a file.</summary>
internal sealed class DirtyPipeWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA521", "Dirty Pipe", Severity.Critical, Gain.HostRoot)
    {
        Reason = "Any file that can be read is overwritten in the page cache, files of the host and of image layers too.",
        Fix = "update the kernel",
        References = ["CVE-2022-0847"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "open a file that is shared with the host or with other containers, the runtime's own for example",
        "fill a pipe, splice a page of the file into it, and write over it",
        "whoever reads the file next gets what was written",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.KernelFlaw(container, Known.KernelNeed.Nothing, "CVE-2022-0847");
    }
}

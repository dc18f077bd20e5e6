namespace Vitrine.Insight.Audit.Ways;

/// <summary>Races in the kernel's memory management.</summary>
internal sealed class DirtyCowWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA522", "Dirty COW and StackRot", Severity.Critical, Gain.HostRoot)
    {
        Reason = "Memory of the kernel or of read-only files is written by ordinary calls.",
        Fix = "update the kernel",
        References = ["CVE-2016-5195", "CVE-2023-3269"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "win a race between a fault and a call that drops the page",
        "write to what is only readable",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.Any("a kernel with CVE-2016-5195 or CVE-2023-3269",
            Conditions.KernelFlaw(container, Known.KernelNeed.Nothing, "CVE-2016-5195"), Conditions.KernelFlaw(container, Known.KernelNeed.Nothing, "CVE-2023-3269"));
    }
}

namespace Vitrine.Insight.Audit.Ways;

/// <summary>runc before 1.0-rc7.</summary>
internal sealed class RuncOverwriteWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA519", "The runtime's file overwritten", Severity.Critical, Gain.HostRoot)
    {
        Reason = "The next exec runs the attacker's program as root of the host.",
        Fix = "update runc; run in a user namespace",
        References = ["CVE-2019-5736"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "make a program inside that leads to /proc/self/exe, and wait for exec",
        "hold the runtime's own file open through /proc, and write to it when it has ended",
        "the next start of any container runs what was written",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Runc.Runs(container);
        yield return Conditions.Root(container);
        yield return Conditions.SoftwareFlaw(container, "runc", "CVE-2019-5736");
    }
}

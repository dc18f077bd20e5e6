namespace Vitrine.Insight.Audit.Ways;

/// <summary>runc's flaws of 2024 and 2025.</summary>
internal sealed class RuncLeakWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA520", "The runtime's leaks", Severity.Critical, Gain.HostRoot)
    {
        Reason = "A working directory on the host, or a mask that is led astray, when a container of the attacker's is started or entered.",
        Fix = "update runc to 1.2.8, 1.3.3 or newer; start no images that nobody knows",
        References = ["CVE-2024-21626", "CVE-2025-31133", "CVE-2025-52565", "CVE-2025-52881"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "have a container started, or entered by exec, whose working directory or /dev is prepared",
        "the runtime leaves a directory of the host open, or unmasks a kernel file",
        "write to the host through it",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Runc.Runs(container);
        yield return Conditions.Root(container);
        yield return Conditions.SoftwareFlaw(container, "runc", "CVE-2024-21626", "CVE-2025-31133", "CVE-2025-52565", "CVE-2025-52881");
    }
}

namespace Vitrine.Insight.Audit.Ways;

/// <summary>io_uring_setup, and the kernel behind it.</summary>
internal sealed class IoUringWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA523", "io_uring", Severity.High, Gain.HostRoot)
    {
        Reason = "Flaws of io_uring write to memory of the kernel.",
        Fix = "keep the seccomp profile; kernel.io_uring_disabled=2; update the kernel",
        References = ["CVE-2023-2598"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "set up a ring",
        "use the flaw to write beyond a buffer",
        "raise the process to root of the host",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.Sysctl(container, "io_uring that is on", "kernel/io_uring_disabled", value => value == 0, true);
        yield return Conditions.SeccompLets(container, "io_uring_setup");
        yield return Conditions.KernelFlaw(container, Known.KernelNeed.IoUring);
    }
}

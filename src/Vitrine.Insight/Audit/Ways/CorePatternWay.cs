namespace Vitrine.Insight.Audit.Ways;

/// <summary>kernel.core_pattern.</summary>
internal sealed class CorePatternWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA504", "core_pattern", Severity.Critical, Gain.HostRoot)
    {
        Reason = "The kernel pipes the next crash to a program of the attacker's choice, as root of the host.",
        Fix = "leave /proc/sys read-only: no --privileged, no systempaths=unconfined, no -v /proc",
        References = ["core(5)"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "write a pipe and the place that a script of the container has on the host to kernel.core_pattern",
        "let a process crash",
        "the kernel runs the script on the host",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.Root(container);
        yield return Conditions.MayWriteIn(container, "proc", "/proc", "sys/kernel/core_pattern");
        yield return Conditions.Unconfined(container);
    }
}

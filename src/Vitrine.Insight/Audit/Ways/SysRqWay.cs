namespace Vitrine.Insight.Audit.Ways;

/// <summary>/proc/sysrq-trigger.</summary>
internal sealed class SysRqWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA507", "sysrq-trigger", Severity.High, Gain.DenialOfService)
    {
        Reason = "One letter written there reboots, crashes or remounts the host.",
        Fix = "leave /proc/sysrq-trigger read-only: no --privileged, no systempaths=unconfined",
        References = ["Documentation/admin-guide/sysrq"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "write b, c or u to /proc/sysrq-trigger",
        "the host reboots, crashes or has its filesystems read-only at once",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.Root(container);
        yield return Conditions.MayWriteIn(container, "proc", "/proc", "sysrq-trigger");
        yield return Conditions.Unconfined(container);
    }
}

namespace Vitrine.Insight.Audit.Ways;

/// <summary>/sys/kernel/uevent_helper.</summary>
internal sealed class UeventHelperWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA505", "uevent_helper", Severity.Critical, Gain.HostRoot)
    {
        Reason = "The kernel runs the named program, as root of the host, at each device event.",
        Fix = "leave /sys read-only: no --privileged, no -v /sys",
        References = ["Documentation/driver-api/driver-model"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "write the place that a script of the container has on the host to /sys/kernel/uevent_helper",
        "cause a device event by writing to a device's uevent file",
        "the kernel runs the script on the host",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.Root(container);
        yield return Conditions.MayWriteIn(container, "sysfs", "/sys", "kernel/uevent_helper");
        yield return Conditions.Unconfined(container);
    }
}

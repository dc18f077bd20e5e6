using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Ways;

/// <summary>/dev/mem.</summary>
internal sealed class MemoryWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA526", "The machine's memory", Severity.Critical, Gain.HostRoot)
    {
        Reason = "/dev/mem and /dev/port are memory and ports of the machine.",
        Fix = "run without --privileged and without --device /dev/mem; --cap-drop SYS_RAWIO",
        References = ["mem(4)"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "open /dev/mem",
        "find the kernel's structures in it, and change its own rights there",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.Has(container, Capability.CAP_SYS_RAWIO);
        var devices = container.Explanation.Devices;
        var memory = devices.Rules.Any(rule => rule is { Type: 'c', Major: 1, Minor: 1 or 2 or 4 });
        yield return new Precondition("a device cgroup that lets it open /dev/mem", devices.AllAllowed == true || memory ? true : devices.AllAllowed,
            devices.AllAllowed == true ? "every device is allowed" : memory ? "c 1:1" : devices.AllAllowed is null ? "what is allowed is not known" : "it is not allowed", container.Source("cgroup"));
        yield return new Precondition("a kernel without CONFIG_STRICT_DEVMEM", null, "no file tells of it here", "/boot/config-*");
    }
}

using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Ways;

/// <summary>The host's pid namespace, and the right to trace.</summary>
internal sealed class ProcRootWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA508", "/proc/PID/root of the host", Severity.Critical, Gain.HostRoot)
    {
        Reason = "The root directory of a process of the host opens through /proc.",
        Fix = "run without --pid host, or without --cap-add SYS_PTRACE",
        References = ["proc_pid_root(5)", "ptrace(2)"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "find a process of the host in /proc, pid 1 for example",
        "open /proc/PID/root: it is the host's root directory",
        "read and write there as root",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.HostNamespace(container, "pid");
        yield return Conditions.Root(container);
        yield return Conditions.Has(container, Capability.CAP_SYS_PTRACE);
        yield return Conditions.Unconfined(container);
    }
}

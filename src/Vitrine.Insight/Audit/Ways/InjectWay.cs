using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Ways;

/// <summary>ptrace on the host.</summary>
internal sealed class InjectWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA509", "Code into a process of the host", Severity.Critical, Gain.HostRoot)
    {
        Reason = "A traced process does what its tracer writes into it.",
        Fix = "run without --pid host and without --cap-add SYS_PTRACE; keep the seccomp profile",
        References = ["ptrace(2)", "process_vm_writev(2)"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "attach to a process of the host that runs as root",
        "write instructions into it, and let it run them",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.HostNamespace(container, "pid");
        yield return Conditions.Has(container, Capability.CAP_SYS_PTRACE);
        yield return Conditions.SeccompLets(container, "ptrace", "process_vm_writev");
        yield return Conditions.Unconfined(container);
    }
}

using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Ways;

/// <summary>bpf, by capability or by flaw.</summary>
internal sealed class BpfWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA524", "BPF", Severity.High, Gain.HostRoot)
    {
        Reason = "A program in the kernel sees and changes what the host's processes read and write.",
        Fix = "--cap-drop BPF,PERFMON,SYS_ADMIN; kernel.unprivileged_bpf_disabled=1; keep the seccomp profile",
        References = ["bpf(2)", "CVE-2021-3490"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "load a tracing program, or one that the verifier misjudges",
        "read memory of the host's processes, or change what they get from the kernel",
        "act as root on the host with what was gained",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.SeccompLets(container, "bpf");
        yield return Conditions.Any("CAP_BPF with CAP_PERFMON, CAP_SYS_ADMIN, or a kernel with a flaw for everybody", Trace(container), Conditions.Has(container, Capability.CAP_SYS_ADMIN), Flaw(container));
        yield return Conditions.Unconfined(container);
    }

    private static Precondition Trace(ContainerSubject container)
    {
        var load = Conditions.Has(container, Capability.CAP_BPF);
        return load.IsMet == true ? Conditions.Has(container, Capability.CAP_PERFMON) : load;
    }

    private static Precondition Flaw(ContainerSubject container)
    {
        var everybody = Conditions.Sysctl(container, "bpf for everybody", "kernel/unprivileged_bpf_disabled", value => value == 0, false);
        return everybody.IsMet == true ? Conditions.KernelFlaw(container, Known.KernelNeed.Bpf) : everybody;
    }
}

using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Ways;

/// <summary>init_module and finit_module.</summary>
internal sealed class ModuleWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA511", "A kernel module", Severity.Critical, Gain.HostRoot)
    {
        Reason = "Code of the attacker's runs in the host's kernel.",
        Fix = "--cap-drop SYS_MODULE; kernel.modules_disabled=1",
        References = ["init_module(2)"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "bring a module that was built for this kernel",
        "load it",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.Has(container, Capability.CAP_SYS_MODULE);
        yield return Conditions.SeccompLets(container, "init_module", "finit_module");
        yield return Conditions.Sysctl(container, "a kernel that still loads modules", "kernel/modules_disabled", value => value == 0, false);
    }
}

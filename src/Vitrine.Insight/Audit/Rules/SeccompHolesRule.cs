using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>A filter that is none for the calls that matter.</summary>
internal sealed class SeccompHolesRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA052", "Seccomp filter lets dangerous calls through", Severity.Medium, Gain.HostRoot)
    {
        Reason = "Calls that load modules, start another kernel or mount are of use to nobody but who wants out.",
        Fix = "use the engine's default profile",
        References = [Reference.Cis("5.22"), Reference.Cis("2.17")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        foreach (var group in container.Explanation.Seccomp.Groups)
        {
            if (group.Purpose is not ("modules" or "kernel" or "mount") || group.Allowed.Count == 0)
                continue;
            var armed = container.Holds(group.Purpose switch { "modules" => Capability.CAP_SYS_MODULE, "kernel" => Capability.CAP_SYS_BOOT, _ => Capability.CAP_SYS_ADMIN });
            report.Add(armed ? Severity.High : Severity.Low, armed ? Gain.HostRoot : Gain.Hygiene,
                $"Its filter lets {string.Join(", ", group.Allowed)} through{(armed ? ", and it has the capability for them" : "")}.",
                new Evidence("config.json: linux.seccomp", $"{group.Purpose}: {string.Join(' ', group.Allowed)}"));
        }
    }
}

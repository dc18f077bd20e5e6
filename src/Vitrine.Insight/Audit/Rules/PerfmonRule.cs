using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_PERFMON.</summary>
internal sealed class PerfmonRule() : CapabilityRule(Capability.CAP_PERFMON)
{
    public override RuleInfo Info { get; } = new("VA016", "Capability PERFMON", Severity.Medium, Gain.Information)
    {
        Reason = "Traces and addresses of the kernel help every other attack.",
        Fix = Drop("PERFMON"),
        References = [Reference.Cis("5.4"), "perf_event_open(2)"],
    };

    protected override string Effect(ContainerSubject container) => "measures and traces every process of the host";
}

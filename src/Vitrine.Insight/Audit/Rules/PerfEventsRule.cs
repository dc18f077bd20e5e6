namespace Vitrine.Insight.Audit.Rules;

/// <summary>perf_event_paranoid.</summary>
internal sealed class PerfEventsRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA212", "Performance counters for everybody", Severity.Low, Gain.Information)
    {
        Reason = "Measurements across processes feed side channels, and the interface has had flaws.",
        Fix = "sysctl kernel.perf_event_paranoid=2 (or 3)",
        References = ["perf_event_open(2)"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        if (host.Number("kernel/perf_event_paranoid") is < 2 and var value)
            report.Add("Ordinary users may measure the kernel.", new Evidence(HostFacts.SysctlPath("kernel/perf_event_paranoid"), $"{value}"));
    }
}

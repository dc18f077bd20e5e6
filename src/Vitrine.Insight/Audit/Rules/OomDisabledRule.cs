namespace Vitrine.Insight.Audit.Rules;

/// <summary>memory.oom_control with oom_kill_disable.</summary>
internal sealed class OomDisabledRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA084", "OOM killer off", Severity.Low, Gain.DenialOfService)
    {
        Reason = "At its limit its processes wait for memory and keep what they hold; without a limit the host's others are killed in its place.",
        Fix = "run without --oom-kill-disable",
        References = [Reference.Cis("5.11")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (container.Explanation.Cgroups.Memory is { OomKillDisabled: true } memory && Evidences.Place(container, "memory") is { } place)
            report.Add(memory.EffectiveLimitBytes is null ? Severity.Medium : Info.Severity, Info.Gain, "Its processes are not killed for want of memory.", new Evidence($"{place.Directory}/memory.oom_control", "oom_kill_disable 1"));
    }
}

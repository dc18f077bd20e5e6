namespace Vitrine.Insight.Audit.Rules;

/// <summary>No quota on processors.</summary>
internal sealed class CpuUnlimitedRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA083", "No processor limit", Severity.Note, Gain.DenialOfService)
    {
        Reason = "It takes all processors that others leave.",
        Fix = "--cpus 1.5",
        References = [Reference.Cis("5.12")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        var cgroups = container.Explanation.Cgroups;
        if (cgroups.Cpu is { Cpus: null } cpu && Evidences.Place(container, "cpu") is { } place)
            report.Add("Its processor time is not limited.", new Evidence($"{place.Directory}/{(place.Version == 1 ? "cpu.cfs_quota_us" : "cpu.max")}", cpu.Shares is { } shares ? $"no quota, shares {shares}" : "no quota"));
    }
}

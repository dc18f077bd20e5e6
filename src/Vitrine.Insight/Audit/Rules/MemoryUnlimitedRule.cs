namespace Vitrine.Insight.Audit.Rules;

/// <summary>No bound on memory.</summary>
internal sealed class MemoryUnlimitedRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA081", "No memory limit", Severity.Medium, Gain.DenialOfService)
    {
        Reason = "One leak, or one attacker, takes the memory of the whole host.",
        Fix = "--memory 512m",
        References = [Reference.Cis("5.11")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (container.Explanation.Cgroups.Memory is null && Evidences.Place(container, "memory") is { } hidden)
            report.CannotTell(hidden.Directory!, "its files are not there: something is mounted over them");
        if (container.Explanation.Cgroups.Memory is { EffectiveLimitBytes: null } && Evidences.Place(container, "memory") is { } place)
            report.Add("Its memory is not limited.", new Evidence($"{place.Directory}/{(place.Version == 1 ? "memory.limit_in_bytes" : "memory.max")}", "no limit"));
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>No bound on the number of processes.</summary>
internal sealed class PidsUnlimitedRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA082", "No limit on processes", Severity.Medium, Gain.DenialOfService)
    {
        Reason = "A fork bomb takes every pid of the host.",
        Fix = "--pids-limit 512",
        References = [Reference.Cis("5.29")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (container.Explanation.Cgroups.Pids is null && Evidences.Place(container, "pids") is { } hidden)
            report.CannotTell(hidden.Directory!, "its files are not there: something is mounted over them");
        if (container.Explanation.Cgroups.Pids is { Limit: null } && Evidences.Place(container, "pids") is { } place)
            report.Add("The number of its processes is not limited.", new Evidence($"{place.Directory}/pids.max", "max"));
    }
}

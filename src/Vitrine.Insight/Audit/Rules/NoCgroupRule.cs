namespace Vitrine.Insight.Audit.Rules;

/// <summary>It is in the root cgroups.</summary>
internal sealed class NoCgroupRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA080", "No cgroup of its own", Severity.Medium, Gain.DenialOfService)
    {
        Reason = "Nothing bounds its memory, processor time or number of processes.",
        Fix = "start it with an engine that makes one, or with systemd-run --scope",
        References = [Reference.Cis("5.25")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        var places = container.Explanation.Cgroups.Places.Where(place => place.Directory is not null).ToList();
        if (places.Count > 0 && places.TrueForAll(place => place.Path == "/"))
            report.Add("It is in the root cgroups, as processes that nobody limits.", new Evidence(container.Source("cgroup"), "/"));
    }
}

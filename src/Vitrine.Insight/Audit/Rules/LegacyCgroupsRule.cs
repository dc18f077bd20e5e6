namespace Vitrine.Insight.Audit.Rules;

/// <summary>Controllers in v1 hierarchies.</summary>
internal sealed class LegacyCgroupsRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA219", "cgroup v1", Severity.Note, Gain.Hygiene)
    {
        Reason = "release_agent, devices.allow and the lack of safe delegation are v1's alone.",
        Fix = "boot with systemd.unified_cgroup_hierarchy=1, or a current distribution",
        References = ["CVE-2022-0492", "cgroups(7)"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        var v1 = host.CgroupV1Mounts;
        if (v1.Count > 0)
            report.Add(Info.Severity, Gain.Hygiene, "Controllers are in cgroup v1 hierarchies.", new Evidence("/proc/self/mountinfo", string.Join(", ", v1)));
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>The uts namespace of the host.</summary>
internal sealed class HostUtsRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA043", "Host's uts namespace", Severity.Low, Gain.Hygiene)
    {
        Reason = "With CAP_SYS_ADMIN it renames the host.",
        Fix = "run without --uts host",
        References = [Reference.Cis("5.21")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (container.Namespace("uts") is not { } space)
            return;
        if (space.Scope == NamespaceScope.Unknown && space.Error is { } error)
            report.CannotTell(space.Source, error);
        if (space.Scope != NamespaceScope.Host)
            return;
        report.Add("It uses the host's name, and renames it with CAP_SYS_ADMIN.", new Evidence(space.Source, $"uts:[{space.Inode}], the host's"));
    }
}

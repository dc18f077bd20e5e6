namespace Vitrine.Insight.Audit.Rules;

/// <summary>Neither AppArmor nor SELinux confines it.</summary>
internal sealed class NoSecurityModuleRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA053", "No security module", Severity.Low, Gain.Hygiene)
    {
        Reason = "Nothing stands behind the other walls: with AppArmor or SELinux a profile holds root back too.",
        Fix = "--security-opt apparmor=docker-default (or vitrine-default), or a host kernel with AppArmor or SELinux on",
        References = [Reference.Cis("5.2"), Reference.Cis("5.3")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        var confinement = container.Explanation.Confinement;
        var label = container.Source("attr/current");
        if (confinement.Facts.FirstOrDefault(fact => fact is { Name: "label", Error: not null }) is { } unreadable)
            report.CannotTell(label, unreadable.Error!);
        else if (confinement.Module is null)
            report.Add("Neither AppArmor nor SELinux confines it.", new Evidence(label, "no label"));
        else if (confinement.Mode is "unconfined" or "complain")
            report.Add(Severity.Medium, Gain.HostRoot, $"{confinement.Module} is on, but does not hold it back.", new Evidence(label, $"{confinement.Label} ({confinement.Mode})"));
    }
}

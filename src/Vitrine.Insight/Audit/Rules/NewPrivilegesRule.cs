namespace Vitrine.Insight.Audit.Rules;

/// <summary>no_new_privs is not set.</summary>
internal sealed class NewPrivilegesRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA050", "May gain privileges", Severity.Low, Gain.Hygiene)
    {
        Reason = "A set-user-id program, or one with file capabilities, raises what it may do up to its bounding set.",
        Fix = "--security-opt no-new-privileges",
        References = [Reference.Cis("5.26"), Reference.Cis("2.14")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (container.Explanation.Confinement.NoNewPrivileges is not { } set)
            report.CannotTell(container.Source("status"), "the kernel does not say (before 4.10)");
        else if (!set)
            report.Add("no_new_privs is not set: set-user-id programs work.", new Evidence(container.Source("status"), "NoNewPrivs: 0"));
    }
}

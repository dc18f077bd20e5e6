namespace Vitrine.Insight.Audit.Rules;

/// <summary>Ordinary users may make user namespaces.</summary>
internal sealed class UnprivilegedUserNamespacesRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA202", "User namespaces for everybody", Severity.Note, Gain.Hygiene)
    {
        Reason = "In a user namespace of its own an ordinary user reaches parts of the kernel that only root may reach otherwise.",
        Fix = "sysctl kernel.unprivileged_userns_clone=0 or user.max_user_namespaces=0, where nothing rootless is needed",
        References = ["user_namespaces(7)"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        if (host.Number("kernel/unprivileged_userns_clone") == 0 || host.Number("user/max_user_namespaces") is null or 0 || host.Number("kernel/apparmor_restrict_unprivileged_userns") == 1)
            return;
        report.Add("Every user may make user namespaces.",
            new Evidence(HostFacts.SysctlPath("user/max_user_namespaces"), host.Sysctl("user/max_user_namespaces")!));
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>Root inside is root outside.</summary>
internal sealed class RootWithoutUserNamespaceRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA044", "Root without a user namespace", Severity.Low, Gain.Hygiene)
    {
        Reason = "Its root is the host's root: whatever it gets hold of outside, by a mount or a flaw, is its own.",
        Fix = "run as another user (--user 1000:1000), or in a user namespace (--userns, userns-remap)",
        References = [Reference.Cis("4.1"), Reference.Cis("2.9"), Reference.Cis("5.31")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (!container.IsHostRoot || container.Self is not { } self)
            return;
        report.Add("It runs as root, and root inside is root outside.",
            new Evidence(container.Source("status"), $"Uid: {self.HostUid}"), new Evidence(container.Source("uid_map"), "the host's user namespace"));
    }
}

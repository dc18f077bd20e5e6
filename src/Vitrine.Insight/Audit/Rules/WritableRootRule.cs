namespace Vitrine.Insight.Audit.Rules;

/// <summary>Its root can be written to.</summary>
internal sealed class WritableRootRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA055", "Writable root filesystem", Severity.Note, Gain.Hygiene)
    {
        Reason = "What breaks in leaves programs behind, and changes those that are there.",
        Fix = "--read-only, with --tmpfs for what it writes",
        References = [Reference.Cis("5.13")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        var root = container.Explanation.Root;
        if (root is { Kind: RootKind.Pivoted or RootKind.Chroot, ReadOnly: false })
            report.Add("Its root filesystem is writable.", new Evidence(container.Source("mountinfo"), $"/ {root.FileSystem} rw"));
    }
}

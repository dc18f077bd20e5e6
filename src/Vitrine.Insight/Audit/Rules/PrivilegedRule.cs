namespace Vitrine.Insight.Audit.Rules;

/// <summary>Every capability: --privileged.</summary>
internal sealed class PrivilegedRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA001", "Privileged container", Severity.Critical, Gain.HostRoot)
    {
        Reason = "It has every capability and, as --privileged gives, every device and no filter: root inside is root on the host.",
        Fix = "run without --privileged; add what is needed with --cap-add and --device",
        References = [Reference.Cis("5.5")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (!container.IsPrivileged)
            return;
        var count = container.Explanation.Capabilities.Effective.Count;
        var evidence = new List<Evidence> { new(container.Source("status"), $"CapEff: all {count} capabilities of this host") };
        if (container.Explanation.Seccomp.Mode == SeccompMode.Disabled)
            evidence.Add(new Evidence(container.Source("status"), "Seccomp: 0"));
        if (container.HasUserNamespace)
            report.Add(Severity.Low, Gain.Hygiene, "It has every capability, within a user namespace of its own.", evidence);
        else
            report.Add("It has every capability that the host has to give.", evidence);
    }
}

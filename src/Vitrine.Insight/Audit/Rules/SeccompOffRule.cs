namespace Vitrine.Insight.Audit.Rules;

/// <summary>Every system call is let through.</summary>
internal sealed class SeccompOffRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA051", "No seccomp filter", Severity.Medium, Gain.HostRoot)
    {
        Reason = "Every system call of the kernel can be tried; most flaws of the kernel need one that a filter refuses.",
        Fix = "run without --security-opt seccomp=unconfined",
        References = [Reference.Cis("5.22")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        switch (container.Explanation.Seccomp.Mode)
        {
            case SeccompMode.Disabled:
                report.Add("No filter stands between it and the kernel's system calls.", new Evidence(container.Source("status"), "Seccomp: 0"));
                break;
            case SeccompMode.Unknown:
                report.CannotTell(container.Source("status"), "the kernel is built without seccomp, or does not say");
                break;
        }
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>io_uring_disabled.</summary>
internal sealed class IoUringRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA209", "io_uring for everybody", Severity.Note, Gain.Hygiene)
    {
        Reason = "A large and young part of the kernel that docker's filter refuses, and seccomp=unconfined does not.",
        Fix = "sysctl kernel.io_uring_disabled=1 (or 2) where nothing needs it",
        References = ["io_uring(7)", "CVE-2023-2598"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        if (host.Number("kernel/io_uring_disabled") is 0 and var value)
            report.Add("Every user may use io_uring.", new Evidence(HostFacts.SysctlPath("kernel/io_uring_disabled"), $"{value}"));
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>fs.protected_*.</summary>
internal sealed class ProtectedLinksRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA213", "Links and fifos unprotected", Severity.Medium, Gain.HostData)
    {
        Reason = "In shared writable directories, a volume or /tmp, a link that is put there leads a program of another user astray.",
        Fix = "sysctl fs.protected_symlinks=1 fs.protected_hardlinks=1 fs.protected_fifos=1 fs.protected_regular=1",
        References = ["proc_sys_fs(5)"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var name in (ReadOnlySpan<string>)["fs/protected_symlinks", "fs/protected_hardlinks", "fs/protected_fifos", "fs/protected_regular"])
        {
            var isLink = name.EndsWith("links", StringComparison.Ordinal);
            if (host.Number(name) == 0)
                report.Add(isLink ? Info.Severity : Severity.Low, isLink ? Info.Gain : Gain.Hygiene, $"{name.Replace('/', '.')} is off.", new Evidence(HostFacts.SysctlPath(name), "0"));
        }
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>No AppArmor, no SELinux.</summary>
internal sealed class NoActiveSecurityModuleRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA217", "No security module on the host", Severity.Low, Gain.Hygiene)
    {
        Reason = "Without AppArmor or SELinux no container is confined by one.",
        Fix = "boot with apparmor=1 security=apparmor, or with SELinux",
        References = [Reference.Cis("5.2")],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        if (host.Text("/sys/kernel/security/lsm") is not { } modules)
            report.CannotTell("/sys/kernel/security/lsm", "securityfs is not mounted here");
        else if (!modules.Contains("apparmor", StringComparison.Ordinal) && !modules.Contains("selinux", StringComparison.Ordinal))
            report.Add("Neither AppArmor nor SELinux is on.", new Evidence("/sys/kernel/security/lsm", modules));
    }
}

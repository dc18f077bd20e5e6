using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_NET_ADMIN.</summary>
internal sealed class NetAdminRule() : CapabilityRule(Capability.CAP_NET_ADMIN)
{
    public override RuleInfo Info { get; } = new("VA018", "Capability NET_ADMIN", Severity.Medium, Gain.OtherContainers)
    {
        Reason = "Interfaces, routes and packet filters of its network namespace are its to change; nf_tables and tc are large parts of the kernel that only it may reach.",
        Fix = Drop("NET_ADMIN"),
        References = [Reference.Cis("5.4"), "CVE-2024-1086"],
    };

    protected override string Effect(ContainerSubject container) => container.IsHosts("net") ? "changes the interfaces, routes and firewall of the host" : "changes interfaces, routes and packet filters of its network namespace";

    protected override (Severity Severity, Gain Gain) Weigh(ContainerSubject container) =>
        container.IsHosts("net") ? (Severity.High, Gain.HostData) : (Info.Severity, Info.Gain);
}

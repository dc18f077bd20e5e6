namespace Vitrine.Insight.Audit.Rules;

/// <summary>What the kernel says of its processor.</summary>
internal sealed class ProcessorFlawsRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA216", "Processor flaws without mitigation", Severity.Low, Gain.Information)
    {
        Reason = "Memory of the kernel and of other containers is read by side channels.",
        Fix = "update kernel and microcode; do not start with mitigations=off",
        References = ["Documentation/admin-guide/hw-vuln"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        const string Directory = "/sys/devices/system/cpu/vulnerabilities";
        foreach (var name in host.Names(Directory))
        {
            if (host.Text($"{Directory}/{name}") is { } text && text.StartsWith("Vulnerable", StringComparison.Ordinal))
                report.Add($"{name}: {text}.", new Evidence($"{Directory}/{name}", text));
        }
    }
}

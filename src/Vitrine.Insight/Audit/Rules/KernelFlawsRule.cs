using Vitrine.Insight.Audit.Known;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>The kernel's version, against flaws that have been used to leave containers.</summary>
internal sealed class KernelFlawsRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA200", "Kernel with known ways out", Severity.High, Gain.HostRoot)
    {
        Reason = "A container shares the host's kernel: a flaw in it passes every wall by.",
        Fix = "update the kernel and reboot into it",
        References = [Reference.Cis("1.2.1")],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        if (host.Kernel is not { } kernel)
        {
            report.CannotTell("/proc/sys/kernel/osrelease", "no version can be read from it");
            return;
        }

        foreach (var flaw in KernelFlaws.All)
        {
            if (!flaw.IsIn(kernel.Number))
                continue;
            var evidence = new Evidence("/proc/version", $"{kernel}; {flaw.Cve} is repaired in {string.Join(", ", flaw.Fixed)}");
            if (kernel.HidesFixes)
                report.Add(Severity.Low, Info.Gain, $"{flaw.Cve} ({flaw.Name}) is in Linux {kernel.Number}, unless {kernel.Distribution} has repaired it without a new number: ask its package.", evidence);
            else
                report.Add($"{flaw.Cve} ({flaw.Name}) is in Linux {kernel.Number}, by the number of {kernel.Distribution ?? "upstream"}.", evidence);
        }
    }
}

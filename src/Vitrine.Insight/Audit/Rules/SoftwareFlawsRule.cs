namespace Vitrine.Insight.Audit.Rules;

/// <summary>Versions of runtimes and engines, against the projects' advisories.</summary>
internal sealed class SoftwareFlawsRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA201", "Runtime or engine with known ways out", Severity.High, Gain.HostRoot)
    {
        Reason = "The runtime works as root of the host on what images and containers give it.",
        Fix = "update the package, and restart the containers that it runs",
        References = [Reference.Cis("1.2.2")],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var program in host.Programs)
        {
            foreach (var (flaw, isSure) in host.FlawsOf(program))
            {
                var evidence = new Evidence(program.Source, $"{program.Text}; {flaw.Cve} is repaired in {string.Join(", ", flaw.Fixed)}");
                if (isSure)
                    report.Add(flaw.Severity, flaw.Gain, $"{flaw.Cve} is in {program.Name} {program.Version}: {flaw.What}.", evidence);
                else
                    report.Add(Severity.Low, flaw.Gain, $"{flaw.Cve} is in {program.Name} {program.Version}, unless the package {program.DistributionPackage} has repaired it without a new number: {flaw.What}.", evidence);
            }
        }
    }
}

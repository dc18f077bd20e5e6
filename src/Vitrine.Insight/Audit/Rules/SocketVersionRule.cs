using Vitrine.Insight.Audit.Known;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>The version that it answers with.</summary>
internal sealed class SocketVersionRule : SocketRule
{
    public override RuleInfo Info { get; } = new("VA304", "Engine with known ways out", Severity.High, Gain.HostRoot)
    {
        Reason = "The engine works as root of the host on what images and clients give it.",
        Fix = "update the engine",
        References = [Reference.Cis("1.2.2")],
    };

    public override void Check(SocketFacts socket, RuleReport report)
    {
        if (socket.Program is not { } program)
        {
            report.CannotTell(socket.Address, socket.Failure ?? "it names no engine that is known");
            return;
        }

        foreach (var flaw in SoftwareFlaws.All)
        {
            if (flaw.Program == program.Name && flaw.IsIn(program.Version))
                report.Add(program.Text.Contains('+', StringComparison.Ordinal) ? Severity.Low : flaw.Severity, flaw.Gain, $"{flaw.Cve} is in {program.Name} {program.Version}: {flaw.What}.",
                    new Evidence(program.Source, $"{program.Text}; repaired in {string.Join(", ", flaw.Fixed)}"));
        }
    }
}

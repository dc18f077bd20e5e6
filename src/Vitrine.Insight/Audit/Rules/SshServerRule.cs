namespace Vitrine.Insight.Audit.Rules;

/// <summary>sshd among its processes.</summary>
internal sealed class SshServerRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA096", "SSH server inside", Severity.Low, Gain.Hygiene)
    {
        Reason = "Keys, users and updates of a second way in that nobody looks after.",
        Fix = "leave sshd out of the image; exec into the container from the host",
        References = [Reference.Cis("5.7")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        foreach (var process in container.Explanation.Processes.Processes)
        {
            var command = process.Command.AsSpan();
            var program = command[..(command.IndexOfAny(' ', ':') is >= 0 and var end ? end : command.Length)];
            if (!program.SequenceEqual("sshd") && !program.EndsWith("/sshd"))
                continue;
            report.Add($"sshd runs in it (pid {process.Pid}).", new Evidence(ExplainContext.SourceOf(process.Pid, "cmdline"), "sshd"));
            return;
        }
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>Its owner is not root.</summary>
internal sealed class SocketOwnerRule : SocketRule
{
    public override RuleInfo Info { get; } = new("VA302", "Socket of an ordinary user", Severity.Note, Gain.Hygiene)
    {
        Reason = "A rootless engine's socket gives what that user may do; any other of an ordinary user is a mistake.",
        Fix = "chown root the socket, unless the engine is rootless",
        References = [Reference.Cis("3.15")],
    };

    public override void Check(SocketFacts socket, RuleReport report)
    {
        if (socket.File is { Status.Uid: not 0 } file)
            report.Add($"It belongs to user {file.Status.Uid}.", file.Evidence);
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>It answers over TCP in clear.</summary>
internal sealed class SocketPlainRule : SocketRule
{
    public override RuleInfo Info { get; } = new("VA303", "API on TCP without TLS", Severity.Critical, Gain.HostRoot)
    {
        Reason = "Who reaches the port is root on the host, and who is on the way reads and changes what is said.",
        Fix = "serve it with --tlsverify and client certificates, or use ssh://",
        References = [Reference.Cis("2.7")],
    };

    public override void Check(SocketFacts socket, RuleReport report)
    {
        if (socket.IsTcp && socket.Answer is { } answer)
            report.Add("It answers everybody who connects, in clear.", new Evidence(socket.Address, $"GET /version: {answer}"));
    }
}

namespace Vitrine.Insight.Audit.Rules;

/// <summary>Others may write to it.</summary>
internal sealed class SocketEveryoneRule : SocketRule
{
    public override RuleInfo Info { get; } = new("VA300", "Socket for everybody", Severity.Critical, Gain.HostRoot)
    {
        Reason = "Who may write to an engine's socket is root on the host.",
        Fix = "chmod 660 the socket; set SocketMode in its systemd unit",
        References = [Reference.Cis("3.16")],
    };

    public override void Check(SocketFacts socket, RuleReport report)
    {
        if (socket.File is { OthersMayWrite: true } file && socket.IsReachable)
            report.Add("Every user of the host may connect to it.", file.Evidence);
    }
}

using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>Permissions of docker.sock, containerd.sock and the like.</summary>
internal sealed class EngineSocketModesRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA231", "Engine's socket open to others", Severity.Critical, Gain.HostRoot)
    {
        Reason = "Who may write to the socket is root on the host.",
        Fix = "chmod 660 and chown root:docker (or root:root) the socket; set SocketMode in its systemd unit",
        References = [Reference.Cis("3.15"), Reference.Cis("3.16"), Reference.Cis("3.23"), Reference.Cis("3.24")],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var path in SensitivePaths.EngineSockets)
        {
            if (host.File(path) is not { Status.Kind: FileKind.Socket } socket)
                continue;
            if (socket.OthersMayWrite)
                report.Add($"Every user of the host may use {path}.", socket.Evidence);
            else if (socket.Status.Uid != 0)
                report.Add(Severity.High, Info.Gain, $"{path} belongs to user {socket.Status.Uid}, not to root.", socket.Evidence);
        }
    }
}

using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>Members of the group that may use an engine's socket.</summary>
internal sealed class EngineGroupRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA232", "Users that are as good as root", Severity.Medium, Gain.HostRoot)
    {
        Reason = "A member of the socket's group starts a container with the host's root in it.",
        Fix = "take them out of the group (gpasswd -d USER GROUP), or use rootless mode",
        References = [Reference.Cis("1.1.2")],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var path in SensitivePaths.EngineSockets)
        {
            if (host.File(path) is not { Status.Kind: FileKind.Socket, GroupMayWrite: true, Status.Gid: not 0 } socket)
                continue;
            if (host.Group(socket.Status.Gid) is { } group && group[3].Length > 0)
                report.Add($"{group[3].Replace(",", ", ", StringComparison.Ordinal)} may use {path} by the group {group[0]}.", socket.Evidence, new Evidence("/etc/group", $"{group[0]}: {group[3]}"));
        }
    }
}

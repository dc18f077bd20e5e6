namespace Vitrine.Insight.Audit.Rules;

/// <summary>A group other than root's may write to it.</summary>
internal sealed class SocketGroupRule : SocketRule
{
    public override RuleInfo Info { get; } = new("VA301", "Socket for a group", Severity.Medium, Gain.HostRoot)
    {
        Reason = "Each member of the group is as good as root on the host.",
        Fix = "keep the group empty, or use rootless mode",
        References = [Reference.Cis("1.1.2"), Reference.Cis("3.15")],
    };

    public override void Check(SocketFacts socket, RuleReport report)
    {
        if (socket.File is not { OthersMayWrite: false, GroupMayWrite: true, Status.Gid: not 0 } file)
            return;
        var members = socket.GroupMembers;
        report.Add(members is { Length: > 0 } ? Info.Severity : Severity.Note, Info.Gain,
            $"The group {socket.GroupName ?? $"{file.Status.Gid}"} may connect to it{(members is { Length: > 0 } ? $": {members}" : "")}.", file.Evidence);
    }
}

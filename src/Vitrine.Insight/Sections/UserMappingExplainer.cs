using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Sections;

/// <summary>Who a user inside is outside.</summary>
internal static class UserMappingExplainer
{
    public static UserMappingSection Explain(ExplainContext context)
    {
        var notes = context.Notes();
        var users = notes.Read("users", context.Source("uid_map"), () => context.Proc.UserMap(context.Pid)) ?? [];
        var groups = notes.Read("groups", context.Source("gid_map"), () => context.Proc.GroupMap(context.Pid)) ?? [];
        var status = context.Status;
        var outside = status.User.Effective;
        var inside = ExplainContext.Inside(users, outside);
        notes.Fact("user", $"uid {Inside(inside)} inside, uid {outside} on the host", context.Source("status"), Meaning(inside, outside, context.HasOwn(NamespaceKind.User)));
        NoteGroups(context, notes, groups);
        return new UserMappingSection
        {
            IsMapped = context.HasOwn(NamespaceKind.User),
            Users = [.. users.Select(Row)],
            Groups = [.. groups.Select(Row)],
            Facts = notes.Facts,
            Warnings = notes.Warnings,
        };
    }

    private static void NoteGroups(ExplainContext context, SectionNotes notes, IReadOnlyList<IdRange> groups)
    {
        var status = context.Status;
        var inside = ExplainContext.Inside(groups, status.Group.Effective);
        var extra = status.SupplementaryGroups.Where(group => group != status.Group.Effective).ToList();
        notes.Fact("groups", $"gid {Inside(inside)} inside, gid {status.Group.Effective} on the host"
            + (extra.Count > 0 ? $"; also in {string.Join(", ", extra)}" : ""), context.Source("status"));
        if (context.HasOwn(NamespaceKind.User) && context.Proc.Text(context.Pid, "setgroups")?.Trim() is { } setgroups)
        {
            notes.Fact("setgroups", setgroups, context.Source("setgroups"), setgroups == "deny"
                ? "setgroups(2) is refused: an unprivileged user made this map, and must not drop groups that deny access."
                : "It may change its supplementary groups within the map.");
        }
    }

    private static string Meaning(uint? inside, uint outside, bool mapped) => (inside, outside) switch
    {
        (null, _) => "Its user has no number inside: programs see 65534 (nobody).",
        (0, 0) when mapped => "It has root's files on the host, but not root's power: its capabilities count only inside.",
        (0, 0) => "It is root, the same root as the host's; capabilities, seccomp and mounts are what limits it.",
        (0, _) => "It is root only inside: to the host it is an ordinary user, and so are its files.",
        (_, 0) => "An ordinary user inside is root on the host: the map turns privilege around.",
        _ => "It is an ordinary user, inside and outside.",
    };

    private static string Inside(uint? id) => id is { } number ? $"{number}" : "unmapped";

    private static IdMapRow Row(IdRange range) => new() { Inside = range.Inside, Outside = range.Outside, Count = range.Count };
}

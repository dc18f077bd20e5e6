using System.Globalization;

namespace Vitrine.Engine.Bundle;

/// <summary>
/// Finds out who <c>user[:group]</c> is, by the rules of docker and runc: a name must be in the image's files, a number need
/// not be; supplementary groups are those that list the user, unless a group is given.
/// </summary>
/// <param name="passwd">The image's /etc/passwd; empty where it has none.</param>
/// <param name="group">The image's /etc/group.</param>
internal sealed class UserResolver(string passwd, string group)
{
    /// <exception cref="VitrineException">Invalid, in Docker's words.</exception>
    public ProcessUser Resolve(string specification, IReadOnlyList<string>? groupAdd = null)
    {
        var colon = specification.IndexOf(':', StringComparison.Ordinal);
        var userPart = colon < 0 ? specification : specification[..colon];
        var groupPart = colon < 0 ? "" : specification[(colon + 1)..];

        var entry = FindUser(userPart);
        var uid = entry?.Uid ?? ParseId(userPart, "user", "passwd");
        var groups = new List<uint>();
        var gid = entry?.Gid ?? 0;
        if (groupPart.Length > 0)
            gid = FindGroup(groupPart) ?? ParseId(groupPart, "group", "group");
        else if (entry is { } known)
            groups.AddRange(GroupsOf(known.Name));

        foreach (var extra in groupAdd ?? [])
            groups.Add(FindGroup(extra) ?? ParseId(extra, "group", "group"));
        return new ProcessUser(uid, gid, [.. groups.Prepend(gid).Distinct()], entry?.Home is { Length: > 0 } home ? home : "/");
    }

    private PasswdEntry? FindUser(string wanted)
    {
        // No user at all means root, whose line still gives home and groups.
        var number = wanted.Length == 0 ? 0 : TryId(wanted);
        foreach (var line in passwd.AsSpan().EnumerateLines())
        {
            if (PasswdEntry.Parse(line) is not { } entry)
                continue;
            if (wanted.Length > 0 && entry.Name == wanted || number is { } id && entry.Uid == id)
                return entry;
        }
        return null;
    }

    private uint? FindGroup(string wanted)
    {
        var number = TryId(wanted);
        foreach (var line in group.AsSpan().EnumerateLines())
        {
            if (GroupEntry.Parse(line) is { } entry && (entry.Name == wanted || entry.Gid == number))
                return entry.Gid;
        }
        return null;
    }

    private IEnumerable<uint> GroupsOf(string user)
    {
        foreach (var line in group.Split('\n'))
        {
            if (GroupEntry.Parse(line) is { } entry && entry.Members.Contains(user))
                yield return entry.Gid;
        }
    }

    private static uint ParseId(string text, string what, string file)
    {
        if (text.Length == 0)
            return 0;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
            throw new VitrineException(ErrorKind.Invalid, $"unable to find {what} {text}: no matching entries in {file} file");
        return id is >= 0 and <= int.MaxValue
            ? (uint)id
            : throw new VitrineException(ErrorKind.Invalid, "uids and gids must be in range 0-2147483647");
    }

    private static uint? TryId(ReadOnlySpan<char> text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id <= int.MaxValue ? id : null;

    /// <summary>name:password:uid:gid:comment:home:shell (passwd(5)).</summary>
    private sealed record PasswdEntry(string Name, uint Uid, uint Gid, string Home)
    {
        public static PasswdEntry? Parse(ReadOnlySpan<char> line)
        {
            var fields = Fields(line);
            return fields.Length >= 4 && TryId(fields[2]) is { } uid && TryId(fields[3]) is { } gid
                ? new(fields[0], uid, gid, fields.Length > 5 ? fields[5] : "")
                : null;
        }
    }

    /// <summary>name:password:gid:members (group(5)).</summary>
    private sealed record GroupEntry(string Name, uint Gid, string[] Members)
    {
        public static GroupEntry? Parse(ReadOnlySpan<char> line)
        {
            var fields = Fields(line);
            return fields.Length >= 3 && TryId(fields[2]) is { } gid
                ? new(fields[0], gid, fields.Length > 3 ? fields[3].Split(',', StringSplitOptions.RemoveEmptyEntries) : [])
                : null;
        }
    }

    private static string[] Fields(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        return line.IsEmpty || line[0] == '#' ? [] : line.ToString().Split(':');
    }
}

namespace Vitrine.Linux.Proc;

/// <summary>One line of /proc/PID/cgroup (cgroups(7)): where the process is in one hierarchy.</summary>
/// <param name="HierarchyId">The hierarchy's number; 0 is cgroup v2.</param>
/// <param name="Controllers">The v1 controllers mounted together; empty for v2 and for named hierarchies.</param>
/// <param name="Name">The name of a hierarchy without controllers (<c>name=systemd</c>), or null.</param>
/// <param name="Path">Below the hierarchy's root as the reader's cgroup namespace sees it; may start with <c>/..</c>.</param>
public sealed record CgroupMembership(int HierarchyId, IReadOnlyList<string> Controllers, string? Name, string Path)
{
    /// <summary>Whether this is the unified hierarchy.</summary>
    public bool IsV2 => HierarchyId == 0 && Controllers.Count == 0 && Name is null;

    /// <summary>Reads the whole file; malformed lines are left out.</summary>
    public static List<CgroupMembership> Parse(ReadOnlySpan<byte> text)
    {
        var memberships = new List<CgroupMembership>(12);
        var lines = new Utf8Lines(text);
        while (lines.TryNext(out var line))
        {
            if (ParseLine(line) is { } membership)
                memberships.Add(membership);
        }

        return memberships;
    }

    // 5:cpu,cpuacct:/path - the path may hold further colons.
    private static CgroupMembership? ParseLine(ReadOnlySpan<byte> line)
    {
        var first = line.IndexOf((byte)':');
        if (first < 1 || !Utf8Text.TryInt32(line[..first], out var id) || id < 0)
            return null;
        var rest = line[(first + 1)..];
        var second = rest.IndexOf((byte)':');
        if (second < 0 || second + 1 >= rest.Length || rest[second + 1] != '/')
            return null;
        var path = Utf8Text.Decode(rest[(second + 1)..]);
        return rest.StartsWith("name="u8)
            ? new CgroupMembership(id, [], Utf8Text.Decode(rest[5..second]), path)
            : new CgroupMembership(id, Names(rest[..second]), null, path);
    }

    private static string[] Names(ReadOnlySpan<byte> text) => text.IsEmpty ? [] : Utf8Text.Decode(text).Split(',');
}

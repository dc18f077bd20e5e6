using Vitrine.Linux;

namespace Vitrine.Insight.Files;

/// <summary>What files are looked for; what is null or empty does not matter.</summary>
public sealed record FileQuery
{
    /// <summary>The name, with * ? and [] as a shell has them.</summary>
    public string? Name { get; init; }

    public IReadOnlyList<FileKind> Kinds { get; init; } = [];

    /// <summary>Bytes of regular files.</summary>
    public long? LargerThan { get; init; }
    public long? SmallerThan { get; init; }

    /// <summary>Seconds since the epoch.</summary>
    public long? ModifiedAfter { get; init; }
    public long? ModifiedBefore { get; init; }

    /// <summary>Permission bits, set-user-id included, of which at least one is set.</summary>
    public uint? AnyPermission { get; init; }

    /// <summary>Permission bits that are all set.</summary>
    public uint? AllPermissions { get; init; }

    /// <summary>Owners as the host numbers them.</summary>
    public uint? User { get; init; }
    public uint? Group { get; init; }

    /// <summary>Whether a file is looked for.</summary>
    public bool Matches(FileItem item)
    {
        var status = item.Status;
        return (Kinds.Count == 0 || Kinds.Contains(status.Kind))
            && (LargerThan is not { } least || (status.Kind == FileKind.Regular && status.Size > (ulong)least))
            && (SmallerThan is not { } most || (status.Kind == FileKind.Regular && status.Size < (ulong)most))
            && (ModifiedAfter is not { } after || status.Modified.Seconds >= after)
            && (ModifiedBefore is not { } before || status.Modified.Seconds < before)
            // A link has no permissions of its own: its bits are all set.
            && ((AnyPermission is null && AllPermissions is null) || status.Kind != FileKind.Symlink)
            && (AnyPermission is not { } any || (status.Permissions & any) != 0)
            && (AllPermissions is not { } all || (status.Permissions & all) == all)
            && (User is not { } user || status.Uid == user)
            && (Group is not { } group || status.Gid == group)
            && (Name is null || IsMatch(item.Name, Name));
    }

    /// <summary>Whether a name matches a pattern (glob(7)).</summary>
    internal static bool IsMatch(string name, string pattern)
    {
        var (at, star, from) = (0, -1, 0);
        var position = 0;
        while (position < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, from) = (at++, position);
            }
            else if (at < pattern.Length && One(pattern, at, name[position]) is > 0 and var length)
            {
                at += length;
                position++;
            }
            else if (star >= 0)
            {
                (at, position) = (star + 1, ++from);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(at).TrimStart('*').IsEmpty;
    }

    /// <summary>How many characters of the pattern a character matches; 0 where it does not.</summary>
    private static int One(string pattern, int at, char character)
    {
        if (pattern[at] == '?')
            return 1;
        if (pattern[at] == '\\' && at + 1 < pattern.Length)
            return pattern[at + 1] == character ? 2 : 0;
        var end = pattern[at] == '[' ? pattern.IndexOf(']', Math.Min(at + 2, pattern.Length)) : -1;
        if (end < 0)
            return pattern[at] == character ? 1 : 0;
        var set = pattern.AsSpan(at + 1, end - at - 1);
        var negated = set[0] is '!' or '^';
        return Contains(negated ? set[1..] : set, character) != negated ? end - at + 1 : 0;
    }

    private static bool Contains(ReadOnlySpan<char> set, char character)
    {
        for (var i = 0; i < set.Length; i++)
        {
            var isRange = i + 2 < set.Length && set[i + 1] == '-';
            if (isRange ? character >= set[i] && character <= set[i + 2] : character == set[i])
                return true;
            i += isRange ? 2 : 0;
        }

        return false;
    }
}

namespace Vitrine.Linux.Proc;

/// <summary>One line of /proc/PID/uid_map or gid_map (user_namespaces(7)).</summary>
/// <param name="Inside">The first id in the process's user namespace.</param>
/// <param name="Outside">The id it is outside: in the reader's user namespace.</param>
/// <param name="Count">How many consecutive ids are mapped so.</param>
public sealed record IdRange(uint Inside, uint Outside, uint Count)
{
    /// <summary>Whether every id means the same inside and outside, as in the initial user namespace.</summary>
    public bool IsIdentityOfAll => Inside == 0 && Outside == 0 && Count == uint.MaxValue;

    /// <summary>Reads the whole file; malformed lines are left out.</summary>
    public static List<IdRange> Parse(ReadOnlySpan<byte> text)
    {
        var ranges = new List<IdRange>();
        var lines = new Utf8Lines(text);
        while (lines.TryNext(out var line))
        {
            var words = new Utf8Words(line);
            if (words.TryUInt32(out var inside) && words.TryUInt32(out var outside) && words.TryUInt32(out var count))
                ranges.Add(new IdRange(inside, outside, count));
        }

        return ranges;
    }
}

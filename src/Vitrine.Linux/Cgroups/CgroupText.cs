using System.Globalization;

namespace Vitrine.Linux;

/// <summary>The forms that control files have: a number, lines of a key and a number, lines of key=value.</summary>
public static class CgroupText
{
    /// <summary>A number; <c>max</c>, and v1's -1, are <see cref="ulong.MaxValue"/>, nothing is 0.</summary>
    public static ulong Number(ReadOnlySpan<char> text) => text switch
    {
        "max" or "-1" => ulong.MaxValue,
        _ => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0,
    };

    /// <summary>The numbers of a file with lines <c>key number</c>.</summary>
    public static Dictionary<string, ulong> Keyed(string? text)
    {
        var result = new Dictionary<string, ulong>();
        foreach (var line in (text ?? "").AsSpan().EnumerateLines())
            if (line.IndexOf(' ') is var space and > 0)
                result[line[..space].ToString()] = Number(line[(space + 1)..]);
        return result;
    }

    /// <summary>The number of one key of such a file, 0 where it is not there.</summary>
    public static ulong Value(string? text, string key)
    {
        foreach (var line in (text ?? "").AsSpan().EnumerateLines())
            if (line.StartsWith(key) && line.Length > key.Length && line[key.Length] == ' ')
                return Number(line[(key.Length + 1)..]);
        return 0;
    }

    /// <summary>The words of each line that has any.</summary>
    public static IEnumerable<string[]> Rows(string? text)
    {
        foreach (var line in (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            yield return line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A list such as <c>0-3,7</c>; at most 65536 numbers are read.</summary>
    public static List<ushort> Ranges(string? text)
    {
        var result = new List<ushort>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = part.IndexOf('-');
            if (!ushort.TryParse(dash < 0 ? part : part[..dash], out var first) || !ushort.TryParse(part[(dash + 1)..], out var last))
                continue;
            for (int number = first; number <= last && result.Count <= ushort.MaxValue; number++)
                result.Add((ushort)number);
        }

        return result;
    }
}

using System.Globalization;
using System.Text;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Glass.Namespaces;

/// <summary>A range of ids: Inner.. inside are Outer.. outside.</summary>
internal sealed record MappedRange(uint Inner, uint Outer, uint Count)
{
    /// <summary>
    /// Reads a range as unshare(1) takes it: <c>inner:outer:count</c>, or <c>outer,inner,count</c> as before util-linux 2.39.
    /// </summary>
    /// <exception cref="FlagValueException">It is neither.</exception>
    public static MappedRange Parse(string text)
    {
        var byColons = text.Contains(':', StringComparison.Ordinal);
        var parts = text.Split(byColons ? ':' : ',');
        if (parts is not [var first, var second, var third] || !TryParse(first, out var one) || !TryParse(second, out var two) || !TryParse(third, out var count))
            throw new FlagValueException("not INNER:OUTER:COUNT");
        if (count == 0 || (ulong)one + count > uint.MaxValue || (ulong)two + count > uint.MaxValue)
            throw new FlagValueException("the range is empty, or goes beyond the last id");
        return byColons ? new MappedRange(one, two, count) : new MappedRange(two, one, count);
    }

    private static bool TryParse(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>Lines of uid_map and gid_map (user_namespaces(7)) from what the command line says.</summary>
internal static class IdMapBuilder
{
    /// <summary>The map of one id of the caller's and of ranges; where both name an id, the single one counts and the ranges close up around it.</summary>
    /// <param name="single">What the caller's own id is inside; null where it is not mapped by itself.</param>
    /// <param name="own">The caller's own id.</param>
    /// <param name="ranges">The ranges, in order.</param>
    public static string Build(uint? single, uint own, IReadOnlyList<MappedRange> ranges)
    {
        var map = new StringBuilder();
        if (single is { } id)
            Append(map, id, own, 1);
        foreach (var range in ranges)
            Append(map, range, single, own);
        return map.ToString();
    }

    private static void Append(StringBuilder map, MappedRange range, uint? single, uint own)
    {
        if (single is not { } taken)
        {
            Append(map, range.Inner, range.Outer, range.Count);
            return;
        }

        ulong inner = range.Inner, outer = range.Outer;
        ulong innerEnd = inner + range.Count, outerEnd = outer + range.Count;
        while (true)
        {
            inner += inner == taken ? 1u : 0;
            outer += outer == own ? 1u : 0;
            if (inner >= innerEnd || outer >= outerEnd)
                return;
            var untilInner = (inner < taken ? Math.Min(taken, innerEnd) : innerEnd) - inner;
            var untilOuter = (outer < own ? Math.Min(own, outerEnd) : outerEnd) - outer;
            var count = Math.Min(untilInner, untilOuter);
            Append(map, (uint)inner, (uint)outer, (uint)count);
            inner += count;
            outer += count;
        }
    }

    private static void Append(StringBuilder map, uint inner, uint outer, uint count) =>
        map.Append(CultureInfo.InvariantCulture, $"{inner} {outer} {count}\n");
}

namespace Vitrine.Runtime;

/// <summary>Lists of processors or memory nodes as the kernel writes them: <c>0-3,7</c> (cpuset(7), List format).</summary>
internal static class IdList
{
    // CONFIG_NR_CPUS is at most 8192, and there are fewer nodes.
    private const int Most = 8192;

    /// <summary>The list as a bit set in whole 64-bit words, lowest first; null where it is malformed or empty.</summary>
    public static ulong[]? Parse(string text)
    {
        var words = new ulong[1];
        foreach (var part in text.Split(','))
        {
            var dash = part.IndexOf('-');
            if (!TryNumber(dash < 0 ? part : part[..dash], out var first) || !TryNumber(dash < 0 ? part : part[(dash + 1)..], out var last) ||
                first > last)
                return null;
            if (last / 64 >= words.Length)
                Array.Resize(ref words, (last / 64) + 1);
            for (var id = first; id <= last; id++)
                words[id / 64] |= 1UL << id % 64;
        }

        return words;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text.AsSpan().Trim(), System.Globalization.NumberStyles.None, null, out number) && number < Most;
}

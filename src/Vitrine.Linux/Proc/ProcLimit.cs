namespace Vitrine.Linux.Proc;

/// <summary>One line of /proc/PID/limits.</summary>
/// <param name="Name">The kernel's words, for example <c>Max open files</c>.</param>
/// <param name="Soft">The limit in force; null is unlimited.</param>
/// <param name="Hard">How far the process may raise it; null is unlimited.</param>
/// <param name="Unit">bytes, seconds, processes, files, locks, signals, us, or empty.</param>
public sealed record ProcLimit(string Name, ulong? Soft, ulong? Hard, string Unit)
{
    // The kernel prints "%-25s %-20s %-20s %-10s": names hold blanks, so the columns decide (fs/proc/base.c).
    private const int NameWidth = 25;

    /// <summary>Reads the whole file; the heading and malformed lines are left out.</summary>
    public static List<ProcLimit> Parse(ReadOnlySpan<byte> text)
    {
        var limits = new List<ProcLimit>(16);
        var lines = new Utf8Lines(text);
        while (lines.TryNext(out var line))
        {
            if (line.Length <= NameWidth)
                continue;
            var words = new Utf8Words(line[NameWidth..]);
            if (!words.TryNext(out var soft) || !words.TryNext(out var hard)
                || !TryValue(soft, out var softValue) || !TryValue(hard, out var hardValue))
                continue;
            _ = words.TryNext(out var unit);
            limits.Add(new ProcLimit(Utf8Text.Decode(line[..NameWidth].Trim((byte)' ')), softValue, hardValue, Utf8Text.Decode(unit)));
        }

        return limits;
    }

    private static bool TryValue(ReadOnlySpan<byte> text, out ulong? value)
    {
        value = null;
        if (text.SequenceEqual("unlimited"u8))
            return true;
        var isNumber = Utf8Text.TryUInt64(text, out var number);
        value = number;
        return isNumber;
    }
}

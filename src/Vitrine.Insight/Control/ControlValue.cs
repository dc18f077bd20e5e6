using System.Globalization;

namespace Vitrine.Insight.Control;

/// <summary>Values as people write them, as the kernel takes them; and what was made of them, where that is to be told.</summary>
public static class ControlValue
{
    /// <summary>v1 shows "no limit" as the largest number of pages in bytes; anything near it is meant so.</summary>
    public const long Unlimited = 1L << 60;

    private const string Units = "KMGTPE";

    /// <summary>
    /// A value for a control file: sizes with units of 1024 (<c>100M</c>, <c>1.5GiB</c>) or in percent of the host's memory,
    /// processor time in percent of one processor, and <c>max</c> or -1 for no limit.
    /// </summary>
    /// <param name="name">The file.</param>
    /// <param name="text">What the user wrote.</param>
    /// <param name="host">What percents are of.</param>
    /// <param name="note">What was made of a percentage.</param>
    /// <exception cref="VitrineException">Invalid.</exception>
    public static string Normalize(string name, string text, ControlHost host, out string? note)
    {
        note = null;
        text = text.Trim();
        switch (ControlKinds.Of(name))
        {
            case ControlKind.Bytes:
                return Limit(name, IsNoLimit(text) ? null : Bytes(name, text, host, out note));
            case ControlKind.Count:
                return Limit(name, IsNoLimit(text) ? null : Whole(name, text));
            case ControlKind.Quota:
                return Limit(name, IsNoLimit(text) ? null : Quota(name, text, host, out note));
            case ControlKind.Bandwidth:
                return Bandwidth(name, text, host, out note);
            case ControlKind.DeviceBytes:
                return text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var device, var size]
                    ? $"{Device(device)} {(IsNoLimit(size) ? 0 : Bytes(name, size, host, out note))}"
                    : throw Wrong(name, text, "MAJOR:MINOR or a device's path, a blank and a size");
            case ControlKind.Freezer:
                return text.ToUpperInvariant() is "FROZEN" or "THAWED" ? text.ToUpperInvariant() : throw Wrong(name, text, "FROZEN or THAWED");
            case ControlKind.Counter:
                throw new VitrineException(ErrorKind.Invalid, $"{name} is what the kernel counts: it is read, not set");
            default:
                return text;
        }
    }

    /// <summary>A number of bytes, or null for no limit, of what a file says.</summary>
    public static long? ParseLimit(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < Unlimited ? number : null;

    /// <summary>A number of what a file says, or null.</summary>
    public static long? ParseNumber(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A limit as a file takes it: <c>max</c>, or -1 in v1's files of that form, for none.</summary>
    public static string Limit(string name, long? value) =>
        value is { } number ? number.ToString(CultureInfo.InvariantCulture) : ControlKinds.SaysMax(name) ? "max" : "-1";

    /// <summary>A device by its numbers, which a path of its node may stand for.</summary>
    /// <exception cref="VitrineException">Invalid: it is no block device.</exception>
    public static string Device(string text)
    {
        if (!text.StartsWith('/'))
            return text;
        return BlockDevices.NumbersOf(text) ?? throw new VitrineException(ErrorKind.Invalid, $"{text} is no block device");
    }

    /// <summary>A size in bytes.</summary>
    /// <exception cref="VitrineException">Invalid.</exception>
    internal static long Bytes(string name, string text, ControlHost host, out string? note)
    {
        note = null;
        if (text.EndsWith('%'))
        {
            var share = Percent(name, text);
            var bytes = (long)(host.MemoryBytes / 100.0 * share);
            note = $"{text} of this host's memory, {ByteText.Format(host.MemoryBytes)}: {bytes} bytes";
            return bytes;
        }

        var number = text.TrimEnd('b', 'B');
        number = number.Length > 1 && char.ToLowerInvariant(number[^1]) == 'i' ? number[..^1] : number;
        var unit = number.Length > 0 ? Units.IndexOf(char.ToUpperInvariant(number[^1]), StringComparison.Ordinal) : -1;
        var digits = unit < 0 ? number : number[..^1];
        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            throw Wrong(name, text, "a size such as 100M or 1.5G, a percentage of the host's memory, or max");
        var scale = 1L << (10 * (unit + 1));
        return amount <= long.MaxValue / scale ? (long)(amount * scale) : throw Wrong(name, text, "a size below 8 EiB, or max");
    }

    private static string Bandwidth(string name, string text, ControlHost host, out string? note)
    {
        note = null;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is not (1 or 2))
            throw Wrong(name, text, "QUOTA [PERIOD] in microseconds, a percentage of one processor, or max");
        var period = words.Length == 2 ? Whole(name, words[1]) : host.PeriodMicroseconds;
        var quota = IsNoLimit(words[0]) ? "max" : $"{Quota(name, words[0], host with { PeriodMicroseconds = period }, out note)}";
        return words.Length == 2 ? $"{quota} {period}" : quota;
    }

    private static long Quota(string name, string text, ControlHost host, out string? note)
    {
        note = null;
        if (!text.EndsWith('%'))
            return Whole(name, text);
        var quota = (long)Math.Round(host.PeriodMicroseconds / 100.0 * Percent(name, text));
        note = $"{text} of one processor: {quota} of every {host.PeriodMicroseconds} microseconds";
        return quota;
    }

    private static double Percent(string name, string text) =>
        double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share > 0
            ? share
            : throw Wrong(name, text, "a percentage above 0");

    private static long Whole(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(name, text, "a whole number, or max");

    private static bool IsNoLimit(string text) => text is "-1" || text.Equals("max", StringComparison.OrdinalIgnoreCase);

    private static VitrineException Wrong(string name, string text, string wanted) =>
        new(ErrorKind.Invalid, $"'{text}' is no value for {name}: it takes {wanted}");
}

/// <summary>What percentages are of.</summary>
/// <param name="MemoryBytes">The host's memory.</param>
/// <param name="PeriodMicroseconds">The cgroup's period of processor time.</param>
public sealed record ControlHost(long MemoryBytes, long PeriodMicroseconds = 100_000);

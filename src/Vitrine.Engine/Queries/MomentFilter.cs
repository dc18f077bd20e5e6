using System.Buffers;
using System.Globalization;

namespace Vitrine.Engine.Queries;

/// <summary>The value of an until= filter: Unix seconds, RFC 3339, or a duration before now.</summary>
internal static class MomentFilter
{
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789.");

    /// <exception cref="VitrineException">Invalid: none of these.</exception>
    public static DateTimeOffset Parse(string value, DateTimeOffset now)
    {
        if (decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800m)
            return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        if (DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var moment) && value.Contains('-', StringComparison.Ordinal))
            return moment;
        return now - (Duration(value) ?? throw new VitrineException(ErrorKind.Invalid, $"failed to parse value as time or duration: \"{value}\""));
    }

    /// <summary>As Go writes it: 1h30m, 10s, 1.5h; null for anything else.</summary>
    private static TimeSpan? Duration(string text)
    {
        var total = TimeSpan.Zero;
        for (var rest = text.AsSpan(); ;)
        {
            var digits = rest.IndexOfAnyExcept(s_digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) || count > 1e6)
                return null;
            rest = rest[digits..];
            var letters = rest.IndexOfAny(s_digits);
            TimeSpan? unit = (letters < 0 ? rest : rest[..letters]) switch
            {
                "ms" => TimeSpan.FromMilliseconds(1),
                "s" => TimeSpan.FromSeconds(1),
                "m" => TimeSpan.FromMinutes(1),
                "h" => TimeSpan.FromHours(1),
                _ => null,
            };
            if (unit is null)
                return null;
            total += count * unit.Value;
            if (letters < 0)
                return total;
            rest = rest[letters..];
        }
    }
}

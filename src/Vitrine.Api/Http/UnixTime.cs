using System.Globalization;

namespace Vitrine.Api.Http;

/// <summary>Times in queries: seconds since 1970, with up to nine digits behind the point, or RFC 3339.</summary>
internal static class UnixTime
{
    private const int FractionDigits = 9;
    private const int NanosecondsPerTick = 100;

    /// <summary>The time; null where none is given, and for 0, which docker's clients send for none.</summary>
    /// <exception cref="VitrineException">Invalid: neither form.</exception>
    public static DateTimeOffset? Parse(string text, string name)
    {
        if (text.Length == 0 || text == "0")
            return null;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? text : text[..point];
        if (long.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > -62_000_000_000 and < 253_000_000_000
            && Nanoseconds(point < 0 ? "" : text[(point + 1)..]) is { } nanoseconds)
            return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / NanosecondsPerTick);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time;
        throw new VitrineException(ErrorKind.Invalid, $"invalid value for \"{name}\": {text} is no time");
    }

    private static long? Nanoseconds(string fraction) =>
        fraction.Length == 0 ? 0
        : fraction.Length <= FractionDigits && long.TryParse(fraction.PadRight(FractionDigits, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
        : null;
}

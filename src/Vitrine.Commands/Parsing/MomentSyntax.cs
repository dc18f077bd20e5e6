using System.Globalization;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Commands.Parsing;

/// <summary>Moments as <c>--since</c> and <c>--until</c> take them: RFC 3339 (in parts), Unix seconds, or a duration before now.</summary>
public static class MomentSyntax
{
    private static readonly string[] s_formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH", "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-ddK",
    ];

    /// <summary>The moment, or null for an empty text.</summary>
    /// <param name="text">What was given.</param>
    /// <param name="name">For the error, of verbs that name the option: "since"; empty for others, as docker has it.</param>
    /// <param name="time">Now, for durations.</param>
    public static DateTimeOffset? Parse(string? text, string name, TimeProvider time)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (TryParseDuration(text) is { } ago)
            return time.GetUtcNow() - ago;
        // Docker writes nanoseconds; .NET reads seven digits of a second.
        if (DateTimeOffset.TryParseExact(ShortenFraction(text), s_formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var moment))
            return moment;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800m)
            return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        throw new VitrineException(ErrorKind.Invalid, $"{(name.Length > 0 ? $"invalid value for \"{name}\": " : "")}failed to parse value as time or duration: \"{text}\"");
    }

    private static TimeSpan? TryParseDuration(string text)
    {
        try
        {
            return text == "0" ? null : GoDuration.Parse(text);
        }
        catch (FlagValueException)
        {
            return null;
        }
    }

    private static string ShortenFraction(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return text;
        var end = dot + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return end - dot > 8 ? text[..(dot + 8)] + text[end..] : text;
    }
}

using System.Buffers;
using System.Globalization;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Commands.Parsing;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>1.5s</c>, <c>300ms</c>.</summary>
public static class GoDuration
{
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789.");

    /// <summary>The duration in nanoseconds.</summary>
    /// <exception cref="FlagValueException">Not a duration; the message is Go's.</exception>
    public static long ParseNanoseconds(string text)
    {
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
            rest = rest[1..];
        if (rest.Length == 0)
            throw Invalid(text);
        if (rest is "0")
            return 0;
        decimal total = 0;
        while (rest.Length > 0)
            total += ReadPart(ref rest, text);
        if (total > long.MaxValue)
            throw Invalid(text);
        return negative ? -(long)total : (long)total;
    }

    /// <summary>The duration, to .NET's precision of 100 ns.</summary>
    public static TimeSpan Parse(string text) => TimeSpan.FromTicks(ParseNanoseconds(text) / 100);

    private static decimal ReadPart(ref ReadOnlySpan<char> rest, string text)
    {
        var digits = rest.IndexOfAnyExcept(s_digits);
        if (digits < 0)
            digits = rest.Length;
        if (!decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            throw Invalid(text);
        rest = rest[digits..];
        var letters = rest.IndexOfAny(s_digits);
        var unit = (letters < 0 ? rest : rest[..letters]).ToString();
        rest = rest[unit.Length..];
        if (unit.Length == 0)
            throw new FlagValueException($"time: missing unit in duration \"{text}\"");
        try
        {
            return number * Nanoseconds(unit, text);
        }
        catch (OverflowException)
        {
            throw Invalid(text);
        }
    }

    private static decimal Nanoseconds(string unit, string text) => unit switch
    {
        "ns" => 1,
        "us" or "\u00b5s" or "\u03bcs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => throw new FlagValueException($"time: unknown unit \"{unit}\" in duration \"{text}\""),
    };

    private static FlagValueException Invalid(string text) => new($"time: invalid duration \"{text}\"");
}

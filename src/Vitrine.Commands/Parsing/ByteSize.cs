using System.Buffers;
using System.Globalization;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Commands.Parsing;

/// <summary>Sizes as docker's flags take them: a decimal number and b, k, m, g, t or p (also kb, kib), powers of 1024.</summary>
public static class ByteSize
{
    private const string Units = "kmgtp";
    private static readonly SearchValues<char> s_numeric = SearchValues.Create("0123456789. ");

    /// <summary>The size in bytes.</summary>
    public static long Parse(string text)
    {
        var separator = text.AsSpan().LastIndexOfAny(s_numeric);
        if (separator < 0)
            throw new FlagValueException($"invalid size: '{text}'");
        var number = text[..(text[separator] == ' ' ? separator : separator + 1)];
        var suffix = text[(separator + 1)..];
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var size))
            throw new FlagValueException($"strconv.ParseFloat: parsing \"{number}\": invalid syntax");
        size *= Factor(suffix);
        return size is >= 0 and < long.MaxValue ? (long)size : throw new FlagValueException($"invalid size: '{text}'");
    }

    /// <summary>As <see cref="Parse"/>, and -1 for "without limit" (<c>--memory-swap</c>).</summary>
    public static long ParseOrUnlimited(string text) => text == "-1" ? -1 : Parse(text);

    private static double Factor(string suffix)
    {
        var unit = suffix.ToLowerInvariant();
        if (unit is "" or "b")
            return 1;
        var power = Units.IndexOf(unit[0], StringComparison.Ordinal) + 1;
        if (power == 0 || unit[1..] is not ("" or "b" or "ib"))
            throw new FlagValueException($"invalid suffix: '{suffix}'");
        return Math.Pow(1024, power);
    }
}

using System.Globalization;

namespace Vitrine.Commands.CommandLine;

/// <summary>Values of flags as Go's strconv reads them, with its error messages.</summary>
public static class GoValue
{
    /// <summary>1, t, T, true, True, TRUE and their opposites.</summary>
    public static bool ParseBool(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "True" or "TRUE" => true,
        "0" or "f" or "F" or "false" or "False" or "FALSE" => false,
        _ => throw new FlagValueException($"strconv.ParseBool: parsing \"{text}\": invalid syntax"),
    };

    /// <summary>A decimal, hexadecimal (0x), octal (0o, 0) or binary (0b) integer of 64 bits.</summary>
    public static long ParseInt(string text)
    {
        var negative = text.StartsWith('-');
        var magnitude = ParseMagnitude(negative || text.StartsWith('+') ? text[1..] : text, "ParseInt", text);
        if (magnitude > (negative ? 1UL << 63 : long.MaxValue))
            throw OutOfRange("ParseInt", text);
        return negative ? -(long)magnitude : (long)magnitude;
    }

    /// <summary>An integer that fits an int.</summary>
    public static int ParseInt32(string text)
    {
        var value = ParseInt(text);
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw OutOfRange("ParseInt", text);
    }

    /// <summary>An integer from 0 to 65535.</summary>
    public static ushort ParseUInt16(string text)
    {
        var value = ParseMagnitude(text, "ParseUint", text);
        return value <= ushort.MaxValue ? (ushort)value : throw OutOfRange("ParseUint", text);
    }

    private static ulong ParseMagnitude(string digits, string function, string text)
    {
        var (radix, start) = digits.Length < 2 || digits[0] != '0' ? (10, 0) : char.ToLowerInvariant(digits[1]) switch
        {
            'x' => (16, 2),
            'o' => (8, 2),
            'b' => (2, 2),
            _ => (8, 1),
        };
        if (digits.Length == start)
            throw Syntax(function, text);
        UInt128 value = 0;
        foreach (var c in digits.AsSpan(start))
        {
            var digit = char.IsAsciiHexDigit(c) ? int.Parse([c], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : 16;
            if (digit >= radix)
                throw Syntax(function, text);
            value = (value * (uint)radix) + (uint)digit;
            if (value > ulong.MaxValue)
                throw OutOfRange(function, text);
        }

        return (ulong)value;
    }

    private static FlagValueException Syntax(string function, string text) =>
        new($"strconv.{function}: parsing \"{text}\": invalid syntax");

    private static FlagValueException OutOfRange(string function, string text) =>
        new($"strconv.{function}: parsing \"{text}\": value out of range");
}

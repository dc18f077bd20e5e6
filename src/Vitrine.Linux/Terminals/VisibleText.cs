using System.Buffers;
using System.Globalization;
using System.Text;

namespace Vitrine.Linux;

/// <summary>
/// Foreign text with everything made visible that a terminal would obey, or not show: names, paths, arguments and environments are
/// chosen by whoever is in a container, and must not reach whoever looks at them as commands, nor in another order than they have.
/// </summary>
public static class VisibleText
{
    /// <summary>Text for one line: a line's end is made visible too.</summary>
    public static string Of(string text) => text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? Escape(text, keepsLines: false) : text;

    /// <summary>Text of several lines, which stay.</summary>
    public static string OfLines(string text) => text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? Escape(text, keepsLines: true) : text;

    /// <summary>
    /// JSON in which everything that is not seen is an escape. Its writer has escaped control characters and what is beyond the basic
    /// plane; what that leaves are marks that change how the text around them is shown. Outside of strings JSON has none.
    /// </summary>
    public static ReadOnlySpan<byte> OfJson(ReadOnlySpan<byte> json)
    {
        if (Ascii.IsValid(json))
            return json;
        var result = new ArrayBufferWriter<byte>(json.Length + 64);
        while (!json.IsEmpty)
        {
            _ = Rune.DecodeFromUtf8(json, out var rune, out var length);
            if (!rune.IsAscii && IsUnseen(rune))
                result.Write(Encoding.ASCII.GetBytes($"\\u{rune.Value:x4}"));
            else
                result.Write(json[..length]);
            json = json[length..];
        }

        return result.WrittenSpan;
    }

    /// <summary>
    /// Whether a character is a command to a terminal (ECMA-48: C0, DEL and C1), or one that is not seen itself and changes how others
    /// are: marks of direction (Unicode UAX #9), joiners, tags, separators of lines and paragraphs.
    /// </summary>
    public static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Escape(string text, bool keepsLines)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsUnseen(rune) || (keepsLines && rune.Value is '\n' or '\t'))
                result.Append(rune);
            else
                result.Append(CultureInfo.InvariantCulture, $"{(rune.Value < 0x100 ? $"\\x{rune.Value:x2}" : rune.IsBmp ? $"\\u{rune.Value:x4}" : $"\\U{rune.Value:x8}")}");
        }

        return result.ToString();
    }
}

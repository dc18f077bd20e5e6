using System.Buffers.Text;
using System.Text;

namespace Vitrine.Linux.Proc;

/// <summary>Small readers of the kernel's text formats. Nothing here throws on any bytes.</summary>
internal static class Utf8Text
{
    public static bool TryInt32(ReadOnlySpan<byte> text, out int value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    public static bool TryInt64(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    public static bool TryUInt32(ReadOnlySpan<byte> text, out uint value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    public static bool TryUInt64(ReadOnlySpan<byte> text, out ulong value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    public static bool TryHex(ReadOnlySpan<byte> text, out ulong value) =>
        Utf8Parser.TryParse(text, out value, out var used, 'x') && used == text.Length;

    /// <summary>Decodes bytes that are UTF-8 by habit only: what is not becomes U+FFFD.</summary>
    public static string Decode(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);

    /// <summary>A thread name of /proc/PID/status, where the kernel writes a line feed as <c>\n</c> and a backslash as <c>\\</c>.</summary>
    public static string DecodeName(ReadOnlySpan<byte> text)
    {
        var name = Decode(text);
        return name.Contains('\\') ? name.Replace("\\\\", "\0", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal).Replace('\0', '\\') : name;
    }

    /// <summary>Strings that each end in NUL (cmdline, environ). A last one without it counts too.</summary>
    public static List<string> SplitNul(ReadOnlySpan<byte> text)
    {
        var parts = new List<string>();
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)0);
            parts.Add(Decode(end < 0 ? text : text[..end]));
            text = end < 0 ? default : text[(end + 1)..];
        }

        return parts;
    }

    /// <summary>Undoes the kernel's mangling of blanks, backslashes and '#' in mount tables: <c>\040</c> is a space (seq_path(9)).</summary>
    public static string DecodeOctal(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'\\'))
            return Decode(text);
        var plain = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && TryOctalEscape(text[i..], out plain[length]))
                i += 3;
            else
                plain[length] = text[i];
            length++;
        }

        return Decode(plain.AsSpan(0, length));
    }

    private static bool TryOctalEscape(ReadOnlySpan<byte> text, out byte value)
    {
        value = 0;
        if (text.Length < 4 || text[1] is < (byte)'0' or > (byte)'3')
            return false;
        if (text[2] is < (byte)'0' or > (byte)'7' || text[3] is < (byte)'0' or > (byte)'7')
            return false;
        value = (byte)(((text[1] - '0') << 6) | ((text[2] - '0') << 3) | (text[3] - '0'));
        return true;
    }
}

/// <summary>Walks a text line by line, without the line ends; an end at the very end starts no further line.</summary>
internal ref struct Utf8Lines(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> rest = text;

    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        line = rest;
        if (rest.IsEmpty)
            return false;
        var end = rest.IndexOf((byte)'\n');
        if (end >= 0)
            line = rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return true;
    }
}

/// <summary>Walks the words of a line that are separated by blanks and tabs.</summary>
internal ref struct Utf8Words(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> rest = text;

    /// <summary>What has not been walked yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => rest;

    public bool TryNext(out ReadOnlySpan<byte> word)
    {
        rest = rest.TrimStart(" \t"u8);
        var end = rest.IndexOfAny((byte)' ', (byte)'\t');
        word = end < 0 ? rest : rest[..end];
        rest = rest[word.Length..];
        return !word.IsEmpty;
    }

    public bool TryInt32(out int value)
    {
        value = 0;
        return TryNext(out var word) && Utf8Text.TryInt32(word, out value);
    }

    public bool TryInt64(out long value)
    {
        value = 0;
        return TryNext(out var word) && Utf8Text.TryInt64(word, out value);
    }

    public bool TryUInt32(out uint value)
    {
        value = 0;
        return TryNext(out var word) && Utf8Text.TryUInt32(word, out value);
    }

    public bool TryUInt64(out ulong value)
    {
        value = 0;
        return TryNext(out var word) && Utf8Text.TryUInt64(word, out value);
    }
}

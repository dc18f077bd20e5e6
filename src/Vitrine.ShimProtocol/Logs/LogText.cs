using System.Buffers;
using System.Text;

namespace Vitrine.ShimProtocol.Logs;

/// <summary>
/// Bytes as JSON string content and back, without loss: a byte that is not UTF-8 is written as the lone surrogate
/// U+DC80 to U+DCFF (Python's surrogateescape, PEP 383). Other readers see U+FFFD there, which is all Docker would have kept.
/// </summary>
internal static class LogText
{
    /// <summary>The most bytes that one byte of input becomes.</summary>
    public const int MaxExpansion = 6;

    private static readonly SearchValues<byte> s_plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~\u007f"u8);

    /// <summary>Escapes as much of <paramref name="text"/> as fits.</summary>
    /// <param name="text">Bytes; what has been consumed is cut off.</param>
    /// <param name="to">Room for at least <see cref="MaxExpansion"/> bytes to make progress.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Escape(ref ReadOnlySpan<byte> text, Span<byte> to)
    {
        var written = 0;
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyExcept(s_plain);
            var run = Math.Min(plain < 0 ? text.Length : plain, to.Length - written);
            text[..run].CopyTo(to[written..]);
            written += run;
            text = text[run..];
            if (text.IsEmpty || to.Length - written < MaxExpansion)
                break;
            written += EscapeOne(ref text, to[written..]);
        }
        return written;
    }

    /// <summary>Undoes <see cref="Escape"/> and every other JSON escape.</summary>
    /// <param name="json">The content of a JSON string, without its quotes.</param>
    /// <param name="to">At least as long as <paramref name="json"/>.</param>
    /// <returns>The number of bytes, or -1 for a malformed escape.</returns>
    public static int Unescape(ReadOnlySpan<byte> json, Span<byte> to)
    {
        var written = 0;
        while (true)
        {
            var backslash = json.IndexOf((byte)'\\');
            var run = backslash < 0 ? json : json[..backslash];
            run.CopyTo(to[written..]);
            written += run.Length;
            if (backslash < 0)
                return written;
            json = json[backslash..];
            var count = UnescapeOne(ref json, to[written..]);
            if (count < 0)
                return -1;
            written += count;
        }
    }

    private static int EscapeOne(ref ReadOnlySpan<byte> text, Span<byte> to)
    {
        var first = text[0];
        if (first >= 0x80)
            return EscapeHigh(ref text, to);
        text = text[1..];
        to[0] = (byte)'\\';
        to[1] = first switch
        {
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            (byte)'"' or (byte)'\\' => first,
            _ => (byte)'u',
        };
        return to[1] == 'u' ? WriteHex(to, first) : 2;
    }

    private static int EscapeHigh(ref ReadOnlySpan<byte> text, Span<byte> to)
    {
        if (Rune.DecodeFromUtf8(text, out _, out var length) == OperationStatus.Done)
        {
            text[..length].CopyTo(to);
            text = text[length..];
            return length;
        }
        to[0] = (byte)'\\';
        var code = 0xDC00 + text[0];
        text = text[1..];
        return WriteHex(to, code);
    }

    private static int WriteHex(Span<byte> to, int code)
    {
        to[1] = (byte)'u';
        for (var i = 0; i < 4; i++)
            to[2 + i] = "0123456789abcdef"u8[code >> (12 - 4 * i) & 15];
        return 6;
    }

    private static int UnescapeOne(ref ReadOnlySpan<byte> json, Span<byte> to)
    {
        if (json.Length < 2)
            return -1;
        var plain = json[1] switch
        {
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'"' or (byte)'\\' or (byte)'/' => (char)json[1],
            _ => '\0',
        };
        if (plain != '\0')
        {
            to[0] = (byte)plain;
            json = json[2..];
            return 1;
        }
        return UnescapeHex(ref json, to);
    }

    private static int UnescapeHex(ref ReadOnlySpan<byte> json, Span<byte> to)
    {
        if (!TryHex(json, out var code))
            return -1;
        json = json[6..];
        if (code is >= 0xDC80 and <= 0xDCFF)
        {
            to[0] = (byte)(code - 0xDC00);
            return 1;
        }
        if (char.IsHighSurrogate((char)code) && TryHex(json, out var low) && char.IsLowSurrogate((char)low))
        {
            json = json[6..];
            return new Rune((char)code, (char)low).EncodeToUtf8(to);
        }
        return (Rune.TryCreate((char)code, out var rune) ? rune : Rune.ReplacementChar).EncodeToUtf8(to);
    }

    private static bool TryHex(ReadOnlySpan<byte> json, out int code)
    {
        code = 0;
        if (json.Length < 6 || json[0] != '\\' || json[1] != 'u')
            return false;
        foreach (var digit in json[2..6])
        {
            if (!char.IsAsciiHexDigit((char)digit))
                return false;
            code = code << 4 | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }
        return true;
    }
}

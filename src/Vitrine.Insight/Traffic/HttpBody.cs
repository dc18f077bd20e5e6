using System.Globalization;
using System.Text;

namespace Vitrine.Insight.Traffic;

/// <summary>Passes the body of a message on, framed as it came (RFC 9112, 6).</summary>
internal static class HttpBody
{
    /// <summary>Whether a response has a body at all.</summary>
    public static bool HasBody(HttpHead response, string method) =>
        method != "HEAD" && response.Status is not (204 or 304) && response.Status >= 200;

    /// <summary>Copies a body.</summary>
    /// <param name="head">Its message.</param>
    /// <param name="from">Where it comes from.</param>
    /// <param name="to">Where it goes, or null to only look at it.</param>
    /// <param name="untilClose">Whether a body without a length lasts as long as the connection: responses, not requests.</param>
    /// <param name="seen">Gets the content, without chunk marks.</param>
    /// <exception cref="InvalidDataException">It ends early or its chunks are broken.</exception>
    public static async Task CopyAsync(HttpHead head, HttpSide from, HttpSide? to, bool untilClose, Action<ReadOnlyMemory<byte>> seen)
    {
        if (head.IsChunked)
            await CopyChunksAsync(from, to, seen);
        else if (head.Length is { } length)
            await CopyBytesAsync(from, to, length, seen);
        else if (untilClose)
            await CopyToEndAsync(from, to, seen);
    }

    /// <summary>Copies until the sender ends.</summary>
    public static async Task CopyToEndAsync(HttpSide from, HttpSide? to, Action<ReadOnlyMemory<byte>> seen)
    {
        while (await from.ReadAsync() is { IsEmpty: false } bytes)
        {
            if (to is not null)
                await to.WriteAsync(bytes);
            seen(bytes);
        }
    }

    private static async Task CopyBytesAsync(HttpSide from, HttpSide? to, long length, Action<ReadOnlyMemory<byte>> seen)
    {
        while (length > 0)
        {
            var bytes = await from.ReadAsync(length);
            if (bytes.IsEmpty)
                throw new InvalidDataException("a body that ends early");
            length -= bytes.Length;
            if (to is not null)
                await to.WriteAsync(bytes);
            seen(bytes);
        }
    }

    private static async Task CopyChunksAsync(HttpSide from, HttpSide? to, Action<ReadOnlyMemory<byte>> seen)
    {
        while (true)
        {
            var line = await CopyLineAsync(from, to);
            var end = line.AsSpan().IndexOfAny((byte)';', (byte)' ', (byte)'\t');
            var digits = Encoding.Latin1.GetString(end < 0 ? line : line.AsSpan(0, end));
            if (digits.Length > 15 || !long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size))
                throw new InvalidDataException("a body whose chunks are broken");
            if (size == 0)
                break;
            await CopyBytesAsync(from, to, size, seen);
            if ((await CopyLineAsync(from, to)).Length > 0)
                throw new InvalidDataException("a body whose chunks are broken");
        }
        // The trailer, which ends with an empty line.
        while ((await CopyLineAsync(from, to)).Length > 0)
        {
        }
    }

    private static async Task<byte[]> CopyLineAsync(HttpSide from, HttpSide? to)
    {
        var line = await from.ReadLineAsync();
        if (to is not null)
            await to.WriteAsync((byte[])[.. line, .. "\r\n"u8]);
        return line;
    }
}

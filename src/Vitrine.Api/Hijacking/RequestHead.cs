using System.Buffers;
using System.Text;

namespace Vitrine.Api.Hijacking;

/// <summary>The request line and header fields of an HTTP/1.1 request, read before the HTTP server sees them.</summary>
internal sealed class RequestHead
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);

    public required string Method { get; init; }

    /// <summary>Path and query, as sent.</summary>
    public required string Target { get; init; }

    /// <summary>How long the body is: -1 where it comes in chunks.</summary>
    public long BodyLength { get; private set; }

    public bool IsChunked => BodyLength < 0;

    /// <summary>Whether the client asks to leave HTTP; one that does not gets its stream after a plain 200.</summary>
    public bool WantsUpgrade => this["Upgrade"] is not null && (this["Connection"]?.Contains("upgrade", StringComparison.OrdinalIgnoreCase) ?? false);

    /// <summary>A header field; null where it is missing.</summary>
    public string? this[string name] => _fields.GetValueOrDefault(name);

    public IEnumerable<KeyValuePair<string, string>> Fields => _fields;

    /// <summary>Reads a head without its last, empty line.</summary>
    /// <returns>Null where it is not plain HTTP/1.1: the HTTP server then says what is wrong with it.</returns>
    public static RequestHead? TryParse(in ReadOnlySequence<byte> bytes)
    {
        var lines = Encoding.Latin1.GetString(bytes).Split("\r\n");
        if (lines[0].Split(' ') is not [var method, var target, "HTTP/1.1" or "HTTP/1.0"] || !target.StartsWith('/'))
            return null;
        var head = new RequestHead { Method = method, Target = target };
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line[0] is ' ' or '\t')
                return null;
            var (name, value) = (line[..colon], line[(colon + 1)..].Trim());
            // Two lengths or encodings: an ambiguous body, which the server refuses.
            if (!head._fields.TryAdd(name, value) && IsFraming(name))
                return null;
        }
        return head.Frame() ? head : null;
    }

    private static bool IsFraming(string name) =>
        name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) || name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase);

    private bool Frame()
    {
        if (this["Transfer-Encoding"] is { } encoding)
        {
            BodyLength = -1;
            return encoding.Equals("chunked", StringComparison.OrdinalIgnoreCase) && this["Content-Length"] is null;
        }
        if (this["Content-Length"] is not { } length)
            return true;
        BodyLength = long.TryParse(length, System.Globalization.NumberStyles.None, null, out var parsed) ? parsed : 0;
        return parsed >= 0 && length.AsSpan().ContainsAnyExceptInRange('0', '9') is false && length.Length > 0;
    }
}

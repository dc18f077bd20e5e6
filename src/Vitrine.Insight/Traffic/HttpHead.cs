using System.Globalization;
using System.Text;

namespace Vitrine.Insight.Traffic;

/// <summary>The first line and the header fields of an HTTP/1.1 message (RFC 9112), kept in their order, and how its body is framed.</summary>
public sealed class HttpHead
{
    /// <summary>Bytes a head may have.</summary>
    public const int MaxLength = 64 << 10;

    private readonly List<KeyValuePair<string, string>> _fields = [];

    private HttpHead(string firstLine) => FirstLine = firstLine;

    /// <summary>Request line or status line.</summary>
    public string FirstLine { get; set; }

    public IReadOnlyList<KeyValuePair<string, string>> Fields => _fields;

    /// <summary>The first field of a name; null where there is none.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var field in _fields)
            {
                if (field.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                    return field.Value;
            }
            return null;
        }
    }

    public bool IsChunked => this["Transfer-Encoding"]?.EndsWith("chunked", StringComparison.OrdinalIgnoreCase) ?? false;

    /// <summary>What Content-Length says in bytes; null where nothing does.</summary>
    public long? Length => long.TryParse(this["Content-Length"], NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;

    /// <summary>Whether a client asks to leave HTTP after this request.</summary>
    public bool WantsUpgrade => this["Upgrade"] is not null && (this["Connection"]?.Contains("upgrade", StringComparison.OrdinalIgnoreCase) ?? false);

    /// <summary>Status code of a response.</summary>
    public int Status => FirstLine.Split(' ') is [_, var code, ..] && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;

    /// <summary>Reads a head, up to and without its empty line.</summary>
    /// <returns>Null where it is no HTTP/1 message, or one whose body's end two readers could see in different places (request smuggling).</returns>
    public static HttpHead? TryParse(ReadOnlySpan<byte> bytes)
    {
        var lines = Encoding.Latin1.GetString(bytes).Split("\r\n");
        if (!lines[0].Contains("HTTP/1.", StringComparison.Ordinal) || lines[0].AsSpan().ContainsAny('\r', '\n', '\0'))
            return null;
        var head = new HttpHead(lines[0]);
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            // A blank before the colon or at the line's start, or a bare line feed: what one reader takes for a field another does not.
            if (colon <= 0 || line[0] is ' ' or '\t' || line[colon - 1] is ' ' or '\t' || line.AsSpan().ContainsAny('\r', '\n', '\0'))
                return null;
            head._fields.Add(new(line[..colon], line[(colon + 1)..].Trim()));
        }
        return head.HasOneFraming() ? head : null;
    }

    /// <summary>Puts one field in the place of all of its name.</summary>
    public void Replace(string name, string value)
    {
        Remove(name);
        _fields.Add(new(name, value));
    }

    /// <summary>Takes out all fields of a name.</summary>
    public void Remove(string name) => _fields.RemoveAll(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>As sent, with the empty line.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder(FirstLine).Append("\r\n");
        foreach (var (name, value) in _fields)
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        return Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
    }

    private bool HasOneFraming()
    {
        var lengths = Count("Content-Length");
        var encodings = Count("Transfer-Encoding");
        return lengths + encodings <= 1
            && (lengths == 0 || Length is not null)
            && (encodings == 0 || this["Transfer-Encoding"]!.Equals("chunked", StringComparison.OrdinalIgnoreCase));
    }

    private int Count(string name) => _fields.Count(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
}

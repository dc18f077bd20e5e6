using System.Buffers;
using System.Text;

namespace Vitrine.Insight.Traffic;

/// <summary>
/// A request to the Docker Engine API, taken apart strictly: what rules judge must be what the engine will understand, so a target that
/// two readers could read in different ways is not taken at all.
/// </summary>
public sealed class EngineCall
{
    private static readonly SearchValues<char> s_versionCharacters = SearchValues.Create("0123456789.");

    private readonly string _protocol;

    private EngineCall(string method, string? version, string[] segments, List<KeyValuePair<string, string>> query, string protocol) =>
        (Method, Version, Segments, Query, _protocol) = (method, version, segments, query, protocol);

    public string Method { get; }

    /// <summary><c>v1.43</c>, or null where the path names none.</summary>
    public string? Version { get; }

    /// <summary>The path's parts, decoded, without the version: <c>containers</c>, <c>web</c>, <c>start</c>.</summary>
    public string[] Segments { get; }

    /// <summary>Decoded parameters, in order.</summary>
    public List<KeyValuePair<string, string>> Query { get; }

    /// <summary>Whether it changes nothing. Attaching by GET (websocket) sends input, so it does not count.</summary>
    public bool OnlyReads => Method is "GET" or "HEAD" && !Is("*", "containers", "*", "attach", "ws");

    /// <summary>Whether it is one of podman's own API, whose requests say other things by other names.</summary>
    public bool IsLibpod => Segments[0] == "libpod";

    /// <summary>The path's parts without the name of podman's own API, which names most things as docker's does.</summary>
    public string[] Operation => IsLibpod ? Segments[1..] : Segments;

    /// <summary>Whether the answer is told piece by piece, as it comes.</summary>
    public bool IsStream => Operation is ["events" or "build"] or ["images", "create" or "load" or "pull"]
        or [_, .., "stats" or "logs" or "push" or "attach" or "wait"];

    /// <summary>Path without the version.</summary>
    public string Path => "/" + string.Join('/', Segments);

    /// <summary>Takes a request line apart.</summary>
    /// <returns>Null where the target is ambiguous: empty, dotted or encoded-slash parts, broken escapes, no absolute path.</returns>
    public static EngineCall? TryParse(string requestLine)
    {
        if (requestLine.Split(' ') is not [{ Length: > 0 } method, var target, ("HTTP/1.1" or "HTTP/1.0") and var protocol] || !target.StartsWith('/') || target.Contains('#'))
            return null;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var parts = (mark < 0 ? target : target[..mark])[1..].Split('/');
        var segments = new List<string>();
        foreach (var part in parts)
        {
            if (Decode(part, plus: false) is not { Length: > 0 } segment || segment is "." or ".." || segment.Contains('/'))
                return null;
            segments.Add(segment);
        }
        var version = IsVersion(segments[0]) ? segments[0] : null;
        if (version is not null)
            segments.RemoveAt(0);
        var query = ParseQuery(mark < 0 ? "" : target[(mark + 1)..]);
        return query is null || segments.Count == 0 ? null : new EngineCall(method, version, [.. segments], query, protocol);
    }

    /// <summary>The first parameter of a name, which is the one the engine takes; null where there is none.</summary>
    public string? Parameter(string name) => Query.Find(pair => pair.Key == name).Value;

    /// <summary>Puts one parameter in the place of all of its name.</summary>
    public void SetParameter(string name, string value)
    {
        Query.RemoveAll(pair => pair.Key == name);
        Query.Add(new(name, value));
    }

    /// <summary>Whether method and path match a pattern; <c>*</c> stands for any method, and for one part of the path.</summary>
    public bool Is(string method, params ReadOnlySpan<string> pattern)
    {
        if ((method != "*" && method != Method) || pattern.Length != Segments.Length)
            return false;
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != "*" && pattern[i] != Segments[i])
                return false;
        }
        return true;
    }

    /// <summary>An image's name may hold slashes: whether the path is /images/NAME/.../<paramref name="action"/>.</summary>
    public bool IsOfImage(string method, string action) =>
        Method == method && Segments.Length >= 3 && Segments[0] == "images" && Segments[^1] == action;

    /// <summary>The request line to send, encoded anew. The protocol stays the client's: HTTP/1.0 knows no chunks, and waits for the end of the connection.</summary>
    public string ToRequestLine()
    {
        var line = new StringBuilder(Method).Append(' ');
        if (Version is not null)
            line.Append('/').Append(Version);
        foreach (var segment in Segments)
            line.Append('/').Append(Uri.EscapeDataString(segment));
        for (var i = 0; i < Query.Count; i++)
            line.Append(i == 0 ? '?' : '&').Append(Uri.EscapeDataString(Query[i].Key)).Append('=').Append(Uri.EscapeDataString(Query[i].Value));
        return line.Append(' ').Append(_protocol).ToString();
    }

    private static bool IsVersion(string segment) =>
        segment.Length > 1 && segment[0] == 'v' && !segment.AsSpan(1).ContainsAnyExcept(s_versionCharacters);

    private static List<KeyValuePair<string, string>>? ParseQuery(string text)
    {
        var query = new List<KeyValuePair<string, string>>();
        // Go drops parameters with a semicolon, others split at it: not to be judged.
        if (text.Contains(';'))
            return null;
        foreach (var pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = Decode(equals < 0 ? pair : pair[..equals], plus: true);
            var value = equals < 0 ? "" : Decode(pair[(equals + 1)..], plus: true);
            if (name is null || value is null)
                return null;
            query.Add(new(name, value));
        }
        return query;
    }

    private static string? Decode(string text, bool plus)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                    return null;
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.Add((byte)(plus && character == '+' ? ' ' : character));
            }
        }
        var decoded = Encoding.UTF8.GetString(bytes.ToArray());
        return decoded.AsSpan().ContainsAny('\0', '\uFFFD') ? null : decoded;
    }
}

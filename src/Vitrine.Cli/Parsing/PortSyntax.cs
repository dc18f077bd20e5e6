using System.Globalization;
using Vitrine.Commands.Parsing;

namespace Vitrine.Cli.Parsing;

/// <summary><c>--expose port[-port][/protocol]</c>.</summary>
internal static class PortSyntax
{
    /// <summary>The ports of a range as <c>80/tcp</c>.</summary>
    public static IEnumerable<string> Expand(string text)
    {
        var (range, protocol) = KeyValues.Cut(text, '/');
        protocol = string.IsNullOrEmpty(protocol) ? "tcp" : protocol.ToLowerInvariant();
        var (first, last) = KeyValues.Cut(range, '-');
        var start = ParsePort(first, text);
        var end = last is null ? start : ParsePort(last, text);
        if (end < start)
            throw Invalid(text, $"invalid range specified for port: {range}");
        if (protocol is not ("tcp" or "udp" or "sctp"))
            throw new VitrineException(ErrorKind.Invalid, $"invalid port format for --expose: {text}");
        var ports = new List<string>();
        for (int port = start; port <= end; port++)
            ports.Add(string.Create(CultureInfo.InvariantCulture, $"{port}/{protocol}"));
        return ports;
    }

    private static ushort ParsePort(string port, string text) =>
        ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Invalid(text, $"strconv.ParseUint: parsing \"{port}\": invalid syntax");

    private static VitrineException Invalid(string text, string reason) =>
        new(ErrorKind.Invalid, $"invalid range format for --expose: {text}, error: {reason}");
}

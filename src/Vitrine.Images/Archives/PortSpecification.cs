namespace Vitrine.Images.Archives;

/// <summary>The arguments of EXPOSE: <c>80</c>, <c>53/udp</c>, <c>8000-8010/tcp</c>.</summary>
internal static class PortSpecification
{
    /// <summary>One <c>port/protocol</c> for each port.</summary>
    /// <exception cref="VitrineException">Invalid: no port, or a protocol other than tcp, udp and sctp.</exception>
    public static IEnumerable<string> Expand(IEnumerable<string> specifications) => specifications.SelectMany(Expand);

    private static IEnumerable<string> Expand(string specification)
    {
        var slash = specification.IndexOf('/');
        var protocol = slash < 0 ? "tcp" : specification[(slash + 1)..].ToLowerInvariant();
        var range = (slash < 0 ? specification : specification[..slash]).Split('-');
        if (protocol is not ("tcp" or "udp" or "sctp"))
            throw ImageChanges.Invalid($"invalid proto: {protocol}");
        if (range.Length > 2 || !TryPort(range[0], out var first) || !TryPort(range[^1], out var last) || last < first)
            throw ImageChanges.Invalid($"invalid containerPort: {specification}");
        return Enumerable.Range(first, last - first + 1).Select(port => $"{port}/{protocol}");
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, null, out port) && port <= ushort.MaxValue;
}

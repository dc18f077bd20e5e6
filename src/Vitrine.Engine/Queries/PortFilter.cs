using Vitrine.Engine.Networks;

namespace Vitrine.Engine.Queries;

/// <summary>The ports that publish= and expose= mean: one or a range, with a protocol that is tcp where it is missing.</summary>
internal readonly record struct PortFilter(int First, int Last, string Protocol)
{
    /// <summary>Reads 80, 80/udp or 8000-8080/tcp; null for anything else.</summary>
    public static PortFilter? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var protocol = slash < 0 ? "tcp" : text[(slash + 1)..].ToLowerInvariant();
        return PortPlans.TryRange(slash < 0 ? text : text[..slash], out var first, out var last) && first > 0 && protocol is "tcp" or "udp" or "sctp"
            ? new PortFilter(first, last, protocol)
            : null;
    }

    public bool Matches(int port, string protocol) => First <= port && port <= Last && Protocol == protocol;
}

using Vitrine.Linux;
using Vitrine.Linux.Netlink;

namespace Vitrine.Insight.Networks;

/// <summary>An interface of the container and the one on the host that it is joined to.</summary>
/// <param name="Inside">The container's.</param>
/// <param name="Outside">The host's.</param>
/// <param name="Bridge">The bridge that the host's is a port of; empty for none.</param>
internal sealed record NetworkPair(LinkInfo Inside, LinkInfo Outside, string Bridge);

/// <summary>Finds which interfaces of this namespace have their other end in a process's.</summary>
internal static class NetworkPairs
{
    /// <summary>Asks the kernel, without entering the process's namespace.</summary>
    /// <exception cref="LinuxException">Needs CAP_NET_ADMIN over the process's namespace.</exception>
    public static IReadOnlyList<NetworkPair> Of(int pid)
    {
        using var routes = new RouteSocket();
        return routes.NamespaceNumber(pid) is { } number ? Match(routes.Links(), routes.LinksOf(number), number) : [];
    }

    /// <summary>Two interfaces are a pair when each has the other's number for its peer.</summary>
    internal static IReadOnlyList<NetworkPair> Match(IReadOnlyList<LinkInfo> outside, IReadOnlyList<LinkInfo> inside, int number)
    {
        var pairs = new List<NetworkPair>();
        foreach (var end in outside)
        {
            if (end.PeerNamespace != number)
                continue;
            foreach (var other in inside)
            {
                if (other.Index == end.Peer && other.Peer == end.Index)
                    pairs.Add(new NetworkPair(other, end, end.Master == 0 ? "" : outside.FirstOrDefault(link => link.Index == end.Master)?.Name ?? ""));
            }
        }

        return pairs;
    }
}

using System.Net;

namespace Vitrine.Network;

/// <summary>Answers questions about containers by what is on disk at that moment. Knows nothing of sockets.</summary>
/// <param name="paths">Where leases are.</param>
/// <param name="endpoints">The networks of the container that asks, as they are.</param>
public sealed class Resolver(NetworkPaths paths, Func<IReadOnlyList<EndpointState>> endpoints)
{
    private readonly NameTable _names = new(paths);
    private int _turn;

    /// <summary>Whether a question about others may leave the container's networks: not where all of them are sealed.</summary>
    public bool MayForward
    {
        get
        {
            foreach (var endpoint in endpoints())
            {
                if (!endpoint.Internal)
                    return true;
            }
            return false;
        }
    }

    /// <summary>The answer, or null where the question is not about a container.</summary>
    /// <param name="query">The whole message.</param>
    /// <param name="question">Its question.</param>
    /// <param name="limit">How long the answer may be.</param>
    public byte[]? Answer(ReadOnlySpan<byte> query, DnsQuestion question, int limit)
    {
        if (question.Type == DnsQuestion.Pointer)
            return question.Reversed() is { } address && NameOf(address) is { } name ? DnsAnswer.Pointer(query, question, name) : null;
        var (known, addresses) = Find(question.Name, question.Type);
        return known ? DnsAnswer.Addresses(query, question, addresses, limit) : null;
    }

    private (bool Known, List<IPAddress> Addresses) Find(string name, ushort type)
    {
        var known = false;
        var addresses = new List<IPAddress>();
        foreach (var endpoint in endpoints())
        {
            if (!endpoint.HasNames)
                continue;
            foreach (var lease in _names.Of(endpoint.NetworkId))
            {
                if (!IsCalled(lease, name, endpoint))
                    continue;
                known = true;
                if (type is DnsQuestion.A or DnsQuestion.Any && IPAddress.TryParse(lease.Ip, out var v4))
                    addresses.Add(v4);
                if (type is DnsQuestion.Aaaa or DnsQuestion.Any && IPAddress.TryParse(lease.Ip6, out var v6))
                    addresses.Add(v6);
            }
        }
        // Several containers of one alias take turns at being the first.
        if (addresses.Count > 1)
        {
            var first = _turn++ % addresses.Count;
            addresses = [.. addresses[first..], .. addresses[..first]];
        }
        return (known, addresses);
    }

    private static bool IsCalled(Lease lease, string name, EndpointState endpoint)
    {
        foreach (var (link, container) in endpoint.Links)
        {
            if (container == lease.Sandbox && link.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        foreach (var own in lease.Names)
        {
            if (own.Equals(name, StringComparison.OrdinalIgnoreCase)
                || (name.Length == own.Length + 1 + endpoint.NetworkName.Length && name[own.Length] == '.'
                    && name.StartsWith(own, StringComparison.OrdinalIgnoreCase) && name.EndsWith(endpoint.NetworkName, StringComparison.OrdinalIgnoreCase)))
                return true;
        }
        return false;
    }

    private string? NameOf(IPAddress address)
    {
        var text = address.ToString();
        foreach (var endpoint in endpoints())
        {
            foreach (var lease in endpoint.HasNames ? _names.Of(endpoint.NetworkId) : [])
            {
                if ((lease.Ip == text || lease.Ip6 == text) && lease.Names.Count > 0)
                    return $"{lease.Names[0]}.{endpoint.NetworkName}";
            }
        }
        return null;
    }
}

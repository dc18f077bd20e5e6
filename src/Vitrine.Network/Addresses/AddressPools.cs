using System.Net;
using Vitrine.Linux.Netlink;

namespace Vitrine.Network;

/// <summary>Chooses the blocks of networks that name none: docker's pools, and more where those are used up, always beside what the host routes elsewhere.</summary>
public static class AddressPools
{
    private static readonly (string Pool, int Prefix)[] s_v4 =
    [
        ("172.17.0.0/16", 16), ("172.18.0.0/15", 16), ("172.20.0.0/14", 16), ("172.24.0.0/13", 16), ("192.168.0.0/16", 20), ("10.192.0.0/10", 24),
    ];

    /// <summary>The first block of the pools that overlaps nothing that is taken.</summary>
    /// <exception cref="NetworkException">Conflict: all are.</exception>
    public static Subnet ChooseV4(IReadOnlyList<Subnet> taken)
    {
        foreach (var (text, prefix) in s_v4)
        {
            if (!Subnet.TryParse(text, out var pool, out _))
                continue;
            var step = UInt128.One << (32 - prefix);
            for (var start = pool.Base; start <= pool.Last; start += step)
            {
                var candidate = new Subnet(start, prefix, IsIpv6: false);
                if (!OverlapsAny(candidate, taken))
                    return candidate;
            }
        }
        throw new NetworkException(NetworkFailure.Conflict,
            "all predefined address pools have been fully subnetted: choose a subnet with --subnet, or remove networks (vitrine network prune)");
    }

    /// <summary>A /64 of the unique local block that belongs to this network (RFC 4193): made from its random id.</summary>
    public static Subnet ChooseV6(string networkId)
    {
        var bits = Convert.FromHexString(networkId.AsSpan(0, 14));
        var address = new byte[16];
        address[0] = 0xfd;
        bits.AsSpan(0, 7).CopyTo(address.AsSpan(1));
        return Subnet.Of(new IPAddress(address), 64);
    }

    /// <summary>What the host's interfaces, routes and name servers take already, but not a default route.</summary>
    public static List<Subnet> OfHost(RouteSocket routes)
    {
        var taken = new List<Subnet>();
        foreach (var route in routes.Routes())
        {
            if (route.Prefix > 0)
                taken.Add(Subnet.Of(route.Destination, route.Prefix));
        }
        foreach (var address in routes.Addresses())
            taken.Add(Subnet.Of(address.Address, address.Prefix));
        foreach (var server in HostResolvers.Read("/etc/resolv.conf"))
            taken.Add(Subnet.Of(server, server.GetAddressBytes().Length * 8));
        return taken;
    }

    public static bool OverlapsAny(Subnet subnet, IReadOnlyList<Subnet> taken)
    {
        foreach (var other in taken)
        {
            if (subnet.Overlaps(other))
                return true;
        }
        return false;
    }
}

using Vitrine.Linux.Netlink;

namespace Vitrine.Network;

/// <summary>The bridges of networks. The caller holds the store's lock.</summary>
public static class Bridges
{
    /// <summary>The bridge of a network, made where it is missing: after a reboot, or when the network is new.</summary>
    /// <param name="routes">A socket in the host's namespace.</param>
    /// <param name="firewall">The table, which is whole.</param>
    /// <param name="network">The network.</param>
    /// <param name="told">Gets a line for each setting of the host that was changed.</param>
    /// <returns>The interface's number.</returns>
    /// <exception cref="NetworkException">Conflict: the name is another kind of interface's.</exception>
    public static int Ensure(RouteSocket routes, Firewall firewall, NetworkRecord network, List<string> told)
    {
        var link = routes.FindLink(network.Interface);
        if (link is { Kind: not "bridge" })
            throw new NetworkException(NetworkFailure.Conflict, $"network {network.Name}: interface {network.Interface} exists and is no bridge");
        if (link is null)
        {
            // The rules know it before it is there, so that a bridge which is there is always known to them.
            firewall.Add(network);
            var gateway = (network.V4 ?? network.V6)?.Gateway;
            routes.CreateBridge(network.Interface, gateway is null ? [] : Mac.Of(gateway), network.Mtu);
            link = routes.FindLink(network.Interface)!;
        }
        foreach (var block in network.Blocks)
        {
            if (block.Gateway is { } address)
                routes.AddAddress(link.Index, address, block.Subnet.Prefix);
        }
        if (!network.Internal)
            OpenWays(network, told);
        return link.Index;
    }

    /// <summary>Takes a network's bridge and its elements away.</summary>
    public static void Remove(RouteSocket routes, Firewall firewall, NetworkRecord network)
    {
        routes.DeleteLink(network.Interface);
        firewall.Remove(network);
    }

    private static void OpenWays(NetworkRecord network, List<string> told)
    {
        HostSettings.RouteLoopback(network.Interface);
        foreach (var block in network.Blocks)
        {
            if (HostSettings.Forward(block.Subnet.IsIpv6) is { } change)
                told.Add(change);
        }
    }
}

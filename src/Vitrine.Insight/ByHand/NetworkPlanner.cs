using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Vitrine.Insight.Sections;

namespace Vitrine.Insight.ByHand;

/// <summary>The interfaces of a network namespace that are pairs, with their IPv4 addresses.</summary>
internal static class NetworkPlanner
{
    public static List<HandInterface> Plan(ExplainContext context, List<string> missing)
    {
        var network = NetworkExplainer.Explain(context);
        var planned = new List<HandInterface>();
        foreach (var device in network.Interfaces)
        {
            if (device.Name == "lo" || Idle(device))
                continue;
            if (device.HostInterface is null)
            {
                missing.Add($"The interface {device.Name}: its other end is not in this network namespace, or may not be looked for.");
                continue;
            }

            planned.Add(Describe(device, network));
        }

        if (network.Addresses.Any(address => address.Contains(':', StringComparison.Ordinal) && !address.StartsWith("fe80", StringComparison.Ordinal) && !address.StartsWith("::1", StringComparison.Ordinal)))
            missing.Add("IPv6 addresses: the script gives one IPv4 address to each interface.");
        return planned;
    }

    /// <summary>What the kernel makes in each network namespace by itself (tunl0, sit0...) is nobody's interface.</summary>
    private static bool Idle(NetworkInterface device) => device.HostInterface is null && device.ReceivedBytes == 0 && device.SentBytes == 0;

    private static HandInterface Describe(NetworkInterface device, NetworkSection network)
    {
        var (address, prefix) = Address(device.Name, network);
        var gateway = network.Routes.FirstOrDefault(route => route.Interface == device.Name && route is { Destination: "default", Gateway: not null })?.Gateway;
        return new HandInterface
        {
            Name = device.Name,
            Bridge = device.Bridge,
            Address = address is null ? null : string.Create(CultureInfo.InvariantCulture, $"{address}/{prefix}"),
            OtherAddress = address is null ? null : string.Create(CultureInfo.InvariantCulture, $"{Other(address, prefix, gateway)}/{prefix}"),
            Gateway = gateway,
        };
    }

    /// <summary>The address that is in the network at the interface.</summary>
    private static (IPAddress? Address, int Prefix) Address(string device, NetworkSection network)
    {
        foreach (var route in network.Routes)
        {
            if (route.Interface != device || route.Gateway is not null || !IPNetwork.TryParse(route.Destination, out var range))
                continue;
            foreach (var text in network.Addresses)
            {
                if (IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && range.Contains(address))
                    return (address, range.PrefixLength);
            }
        }

        return (null, 0);
    }

    /// <summary>The last address of the network that is neither the container's nor the gateway's, as engines give out the first ones; the container's where there is none.</summary>
    internal static IPAddress Other(IPAddress address, int prefix, string? gateway)
    {
        Span<byte> bytes = stackalloc byte[4];
        _ = address.TryWriteBytes(bytes, out _);
        var number = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var hosts = prefix >= 31 ? 0 : uint.MaxValue >> prefix;
        for (var candidate = (number | hosts) - 1; hosts > 0 && candidate > (number & ~hosts); candidate--)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, candidate);
            var other = new IPAddress(bytes);
            if (!other.Equals(address) && other.ToString() != gateway)
                return other;
        }

        return address;
    }
}

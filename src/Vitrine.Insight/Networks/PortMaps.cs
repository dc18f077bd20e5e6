using System.Buffers.Binary;
using System.Net;
using Vitrine.Linux;
using Vitrine.Linux.Netlink;

namespace Vitrine.Insight.Networks;

/// <summary>
/// Published ports as the kernel has them: elements of the maps any4, on4, any6 and on6 of Vitrine's tables (docs/networking.md),
/// whose data is a container's address and port.
/// </summary>
internal static class PortMaps
{
    private const string Table = "vitrine";
    private const int PortSize = 4;

    /// <summary>Every published port of this network namespace.</summary>
    /// <exception cref="LinuxException">EPERM: needs CAP_NET_ADMIN.</exception>
    public static IReadOnlyList<PublishedPort> All()
    {
        using var nft = new NftSocket();
        var ports = new List<PublishedPort>();
        foreach (var map in nft.Maps())
        {
            if (map.Table != Table && !map.Table.StartsWith(Table + "-", StringComparison.Ordinal))
                continue;
            foreach (var element in nft.Elements(map))
            {
                if (Read(map, element) is { } port)
                    ports.Add(port);
            }
        }

        return ports;
    }

    /// <summary>The port that an element publishes; null where the map is not one of ports.</summary>
    internal static PublishedPort? Read(NftMap map, NftElement element)
    {
        var (isOn, size) = map.Name switch { "any4" => (false, 4), "on4" => (true, 4), "any6" => (false, 16), "on6" => (true, 16), _ => (false, 0) };
        var key = element.Key.AsSpan();
        if (size == 0 || element.Data.Length < size + PortSize || key.Length < (isOn ? size : 0) + 2 * PortSize)
            return null;
        var host = isOn ? new IPAddress(key[..size]) : size == 4 ? IPAddress.Any : IPAddress.IPv6Any;
        key = isOn ? key[size..] : key;
        var protocol = key[0] switch { 6 => "tcp", 17 => "udp", 132 => "sctp", _ => $"{key[0]}" };
        var hostPort = BinaryPrimitives.ReadUInt16BigEndian(key[PortSize..]);
        var target = new IPAddress(element.Data.AsSpan(0, size));
        var targetPort = BinaryPrimitives.ReadUInt16BigEndian(element.Data.AsSpan(size));
        return new PublishedPort
        {
            Protocol = protocol,
            HostAddress = host.ToString(),
            HostPort = hostPort,
            Address = target.ToString(),
            Port = targetPort,
            Element = $"inet {map.Table} {map.Name} {{ {(isOn ? $"{host} . " : "")}{protocol} . {hostPort} : {target} . {targetPort} }}",
        };
    }
}

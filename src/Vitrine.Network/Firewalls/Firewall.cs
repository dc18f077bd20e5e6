using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vitrine.Linux;
using Vitrine.Linux.Netlink;

namespace Vitrine.Network;

/// <summary>
/// The table of nftables: its rules stand still, and what comes and goes are elements of its sets. A start speaks to the kernel
/// itself; only where the table is missing or has other rules is it made anew, as text and in one transaction, from what is on disk.
/// The caller holds the store's lock.
/// </summary>
public sealed partial class Firewall : IDisposable
{
    private const int InputHook = 1;
    private const int ForwardHook = 2;
    private const byte Inet = 1;
    private const byte Ip = 2;
    private const byte Ip6 = 10;

    /// <summary>One for each rule: what the kernel is asked to count.</summary>
    internal static readonly (string Chain, string Rule)[] Rules =
    [
        // Loopback addresses are routed to bridges for published ports; nobody may come in by them. Said where connections begin and
        // where packets arrive at the host - but answers to it -, not where every packet comes by.
        ("input", "ip daddr 127.0.0.0/8 iifname @bridges ct state new,invalid,untracked drop"),
        ("ports", "dnat ip to ip daddr . meta l4proto . th dport map @on4"),
        ("ports", "meta nfproto ipv4 dnat ip to meta l4proto . th dport map @any4"),
        ("ports", "dnat ip6 to ip6 daddr . meta l4proto . th dport map @on6"),
        ("ports", "meta nfproto ipv6 dnat ip6 to meta l4proto . th dport map @any6"),
        ("prerouting", "ip daddr 127.0.0.0/8 iifname @bridges drop"),
        ("prerouting", "fib daddr type local jump ports"),
        // The kernel drops answers to ::1 that come from elsewhere: what goes there is the shim's to pass on.
        ("output", "ip6 daddr ::1 return"),
        ("output", "fib daddr type local jump ports"),
        // What comes back to its own bridge by way of the host must return through the host too.
        ("postrouting", "ip saddr 127.0.0.0/8 oifname @bridges masquerade"),
        ("postrouting", "ct status dnat ip saddr @subnets4 oifname @bridges masquerade"),
        ("postrouting", "ct status dnat ip6 saddr @subnets6 oifname @bridges masquerade"),
        ("postrouting", "ip saddr @subnets4 oifname != @bridges masquerade"),
        ("postrouting", "ip6 saddr @subnets6 oifname != @bridges masquerade"),
        // First of all what nearly every packet is. Nothing of a sealed network is ever established but within it.
        ("forward", "ct state established,related accept"),
        ("forward", "iifname . oifname @same accept"),
        ("forward", "iifname != @bridges oifname != @bridges accept"),
        ("forward", "iifname @sealed drop"),
        ("forward", "oifname @sealed drop"),
        ("forward", "ct status dnat accept"),
        ("forward", "oifname @bridges drop"),
    ];

    /// <summary>The sets and maps whose elements come and go.</summary>
    private static readonly string[] s_elementSets = ["bridges", "sealed", "same", "subnets4", "subnets6", "any4", "on4", "any6", "on6"];

    private static readonly string[] s_sets =
    [
        "set bridges { type ifname; }",
        "set sealed { type ifname; }",
        "set same { type ifname . ifname; }",
        "set subnets4 { type ipv4_addr; flags interval; }",
        "set subnets6 { type ipv6_addr; flags interval; }",
        "map any4 { type inet_proto . inet_service : ipv4_addr . inet_service; }",
        "map on4 { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }",
        "map any6 { type inet_proto . inet_service : ipv6_addr . inet_service; }",
        "map on6 { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }",
        "chain ports { }",
        "chain input { type filter hook input priority filter; policy accept; }",
        "chain prerouting { type nat hook prerouting priority dstnat; policy accept; }",
        "chain output { type nat hook output priority -100; policy accept; }",
        "chain postrouting { type nat hook postrouting priority srcnat; policy accept; }",
        "chain forward { type filter hook forward priority filter; policy accept; }",
    ];

    private readonly NetworkPaths _paths;
    private readonly NftSocket _nft = new();

    public Firewall(NetworkPaths paths) => _paths = paths;

    public void Add(NetworkRecord network) => Changing().Add(_paths.Table, Elements(network));

    public void Remove(NetworkRecord network) => Changing().Delete(_paths.Table, Elements(network));

    /// <exception cref="LinuxException">EEXIST: another container publishes one of them.</exception>
    public void Add(IReadOnlyList<PortState> ports) => Changing().Add(_paths.Table, Elements(ports));

    public void Remove(IReadOnlyList<PortState> ports)
    {
        if (ports.Count > 0)
            Changing().Delete(_paths.Table, Elements(ports));
    }

    /// <summary>Takes the whole table away.</summary>
    public void Delete() => Libnftables.Run($"table inet {_paths.Table} {{ }}\ndelete table inet {_paths.Table}");

    /// <summary>
    /// Tables of others that drop in the end what comes in: published ports, which are forwarded, pass them by. And those that drop
    /// what is forwarded, which the ports do not pass.
    /// </summary>
    public (IReadOnlyList<string> PassedBy, IReadOnlyList<string> InTheWay) OtherFirewalls()
    {
        var (passedBy, inTheWay) = (new List<string>(), new List<string>());
        foreach (var chain in _nft.BaseChains())
        {
            var tables = chain.Hook switch { InputHook => passedBy, ForwardHook => inTheWay, _ => null };
            if (tables is null || chain.Family is not (Inet or Ip or Ip6) || chain.Table.StartsWith(NetworkPaths.TablePrefix, StringComparison.Ordinal))
                continue;
            if (!tables.Contains(chain.Table) && _nft.EndsInDrop(chain))
                tables.Add(chain.Table);
        }
        return (passedBy, inTheWay);
    }

    internal static List<NftElement> Elements(NetworkRecord network)
    {
        var name = Interface(network.Interface);
        var elements = new List<NftElement> { new("bridges", name, []) };
        if (network.Internal)
            elements.Add(new("sealed", name, []));
        if (network.ConnectsContainers)
            elements.Add(new("same", [.. name, .. name], []));
        foreach (var block in network.Masquerades ? network.Blocks : [])
        {
            var set = block.Subnet.IsIpv6 ? "subnets6" : "subnets4";
            elements.Add(new(set, block.Subnet.Address(block.Subnet.Base).GetAddressBytes(), []));
            if (block.Subnet.Last != (block.Subnet.IsIpv6 ? UInt128.MaxValue : uint.MaxValue))
                elements.Add(new(set, block.Subnet.Address(block.Subnet.Last + 1).GetAddressBytes(), [], EndsInterval: true));
        }
        return elements;
    }

    internal static List<NftElement> Elements(IReadOnlyList<PortState> ports)
    {
        var elements = new List<NftElement>();
        foreach (var port in ports)
        {
            if (port.Target.Length == 0 || port.HostIp == "::1")
                continue;
            var map = MapOf(port);
            byte[] key = [Protocol(port.Protocol), 0, 0, 0, .. Padded(port.HostPort)];
            if (map.StartsWith("on", StringComparison.Ordinal))
                key = [.. IPAddress.Parse(port.HostIp).GetAddressBytes(), .. key];
            elements.Add(new(map, key, [.. IPAddress.Parse(port.Target).GetAddressBytes(), .. Padded(port.ContainerPort)]));
        }
        return elements;
    }

    internal string Text()
    {
        // Named once before it is deleted, so that deleting it cannot fail.
        var text = new StringBuilder();
        text.Append($"table inet {_paths.Table} {{ }}\ndelete table inet {_paths.Table}\ntable inet {_paths.Table} {{\n");
        foreach (var set in s_sets)
            text.Append("  ").Append(set).Append('\n');
        text.Append("}\n");
        foreach (var (chain, rule) in Rules)
            text.Append($"add rule inet {_paths.Table} {chain} {rule}\n");
        return text.ToString();
    }

    internal static byte Protocol(string name) => name switch { "tcp" => 6, "udp" => 17, _ => 132 };

    private static string MapOf(PortState port)
    {
        var address = IPAddress.Parse(port.HostIp);
        var isV6 = address.AddressFamily is AddressFamily.InterNetworkV6;
        var isAny = address.Equals(isV6 ? IPAddress.IPv6Any : IPAddress.Any);
        return (isAny ? "any" : "on") + (isV6 ? "6" : "4");
    }

    private static byte[] Interface(string name)
    {
        var bytes = new byte[16];
        Encoding.ASCII.GetBytes(name, bytes);
        return bytes;
    }

    private static byte[] Padded(int port)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)port);
        return bytes;
    }
}

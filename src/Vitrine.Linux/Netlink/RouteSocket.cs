using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Vitrine.Linux.Netlink;

/// <summary>A network interface.</summary>
/// <param name="Index">Its number in its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">bridge, veth, macvlan and so on; empty for hardware and loopback.</param>
/// <param name="Mac">Its hardware address, as 02:42:ac:11:00:02; empty for none.</param>
/// <param name="IsUp">Whether it is up.</param>
/// <param name="Master">The bridge it is a port of; 0 for none.</param>
/// <param name="Peer">The interface it is joined to (a veth's other end, a macvlan's parent); 0 for none.</param>
/// <param name="Mtu">Bytes of its largest packet.</param>
public sealed record LinkInfo(int Index, string Name, string Kind, string Mac, bool IsUp, int Master, int Peer, int Mtu)
{
    /// <summary>The number of the namespace that <see cref="Peer"/> is in; null for the interface's own.</summary>
    public int? PeerNamespace { get; init; }
}

/// <summary>A route of the main table.</summary>
/// <param name="Destination">Its network's address.</param>
/// <param name="Prefix">Bits of it; 0 for a default route.</param>
/// <param name="Link">The interface it leads to.</param>
/// <param name="Gateway">Where to, or null for a network at the link.</param>
public sealed record RouteInfo(IPAddress Destination, int Prefix, int Link, IPAddress? Gateway);

/// <summary>An address of an interface.</summary>
public sealed record AddressInfo(int Link, IPAddress Address, int Prefix);

/// <summary>Interfaces, addresses and routes (rtnetlink(7)) of the namespace it was opened in.</summary>
public sealed partial class RouteSocket : IDisposable
{
    private const int MessageSize = 1024;
    private const int Route = 0;

    private readonly NetlinkSocket _socket = new(Route);

    public void Dispose() => _socket.Dispose();

    /// <summary>Gives an interface an address; one that it has already is fine.</summary>
    public void AddAddress(int link, IPAddress address, int prefix)
    {
        var writer = new NetlinkWriter(stackalloc byte[MessageSize]);
        writer.Begin(20, NetlinkFlags.Create | NetlinkFlags.Acknowledge, _socket.NextSequence());
        // IFA_F_NODAD: the address is known to be free, and must be usable at once.
        writer.Put(new AddressHeader { Family = Family(address), Prefix = (byte)prefix, Flags = 2, Link = link });
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        writer.Add(2, bytes[..length]);
        writer.Add(1, bytes[..length]);
        writer.End();
        if (_socket.TryRequest(writer.Written, "add address", address.ToString()) is var errno and not (0 or Errno.EEXIST))
            throw new LinuxException("add address", $"{address}/{prefix}", errno);
    }

    /// <summary>Makes a gateway the way to everywhere else, instead of what was it before.</summary>
    public void SetDefaultGateway(int link, IPAddress gateway)
    {
        var writer = new NetlinkWriter(stackalloc byte[MessageSize]);
        writer.Begin(24, NetlinkFlags.Create | (NetlinkFlags)0x100 | NetlinkFlags.Acknowledge, _socket.NextSequence());
        writer.Put(new RouteHeader { Family = Family(gateway), Table = 254, Protocol = 3, Type = 1 });
        Span<byte> bytes = stackalloc byte[16];
        gateway.TryWriteBytes(bytes, out var length);
        writer.Add(5, bytes[..length]);
        writer.Add(4, link);
        writer.End();
        _socket.Request(writer.Written, "add default route through", gateway.ToString());
    }

    /// <summary>Routes of the main table, both families.</summary>
    public List<RouteInfo> Routes()
    {
        var routes = new List<RouteInfo>();
        var writer = new NetlinkWriter(stackalloc byte[64]);
        writer.Begin(26, NetlinkFlags.Dump, _socket.NextSequence());
        writer.Put(default(RouteHeader));
        writer.End();
        _socket.Dump(writer.Written, "list routes", (_, payload) =>
        {
            if (ReadRoute(payload) is { } route)
                routes.Add(route);
        });
        return routes;
    }

    /// <summary>Addresses of all interfaces, both families.</summary>
    public List<AddressInfo> Addresses() => Addresses(static _ => true);

    private List<AddressInfo> Addresses(Func<AddressHeader, bool> wanted)
    {
        var addresses = new List<AddressInfo>();
        var writer = new NetlinkWriter(stackalloc byte[64]);
        writer.Begin(22, NetlinkFlags.Dump, _socket.NextSequence());
        writer.Put(default(AddressHeader));
        writer.End();
        _socket.Dump(writer.Written, "list addresses", (_, payload) =>
        {
            if (payload.Length < 8)
                return;
            var header = MemoryMarshal.Read<AddressHeader>(payload);
            // A point-to-point address has its own end as IFA_LOCAL.
            var own = AttributeReader.Find(payload[8..], 2);
            own = own.IsEmpty ? AttributeReader.Find(payload[8..], 1) : own;
            if (wanted(header) && own.Length is (4 or 16))
                addresses.Add(new AddressInfo(header.Link, new IPAddress(own), header.Prefix));
        });
        return addresses;
    }

    internal static RouteInfo? ReadRoute(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 12)
            return null;
        var header = MemoryMarshal.Read<RouteHeader>(payload);
        if (header.Table != 254 || header.Type != 1)
            return null;
        var destination = AttributeReader.Find(payload[12..], 1);
        var gateway = AttributeReader.Find(payload[12..], 5);
        var link = AttributeReader.Find(payload[12..], 4);
        return new RouteInfo(
            destination.Length is 4 or 16 ? new IPAddress(destination) : header.Family == 2 ? IPAddress.Any : IPAddress.IPv6Any,
            header.Prefix,
            link.Length >= 4 ? MemoryMarshal.Read<int>(link) : 0,
            gateway.Length is 4 or 16 ? new IPAddress(gateway) : null);
    }

    private static byte Family(IPAddress address) => address.AddressFamily is AddressFamily.InterNetwork ? (byte)2 : (byte)10;

    /// <summary>struct ifaddrmsg.</summary>
    internal struct AddressHeader
    {
        public byte Family;
        public byte Prefix;
        public byte Flags;
        public byte Scope;
        public int Link;
    }

    /// <summary>struct rtmsg.</summary>
    internal struct RouteHeader
    {
        public byte Family;
        public byte Prefix;
        public byte SourcePrefix;
        public byte Service;
        public byte Table;
        public byte Protocol;
        public byte Scope;
        public byte Type;
        public uint Flags;
    }
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux.Netlink;

/// <content>Interfaces.</content>
public sealed partial class RouteSocket
{
    private const int Up = 1;
    private const int NewLink = 16;
    private const int LinkAddress = 1;
    private const int LinkName = 3;
    private const int LinkMtu = 4;
    private const int LinkPeer = 5;
    private const int LinkMaster = 10;
    private const int LinkKindAndData = 18;
    private const int LinkFamilies = 26;
    private const int LinkNamespace = 28;
    private const int LinkPeerNamespace = 37;
    private const int Kind = 1;
    private const int Data = 2;
    private const int Ipv6 = 10;
    private const int AddressMode = 8;
    private const int NoAddress = 1;
    private const int PortKind = 4;
    private const int PortData = 5;
    private const int PortMode = 4;
    private const int PortIsolated = 33;

    /// <summary>The loopback interface, which has number 1 in every namespace.</summary>
    public const int Loopback = 1;

    /// <summary>An interface by its name; null where there is none.</summary>
    public LinkInfo? FindLink(string name)
    {
        LinkInfo? found = null;
        var writer = new NetlinkWriter(stackalloc byte[MessageSize]);
        writer.Begin(18, NetlinkFlags.Acknowledge, _socket.NextSequence());
        writer.Put(default(LinkHeader));
        writer.Add(LinkName, name);
        writer.End();
        var errno = _socket.TryRequest(writer.Written, "look for interface", name, (_, payload) => found = ReadLink(payload) ?? found);
        return errno is 0 or Errno.ENODEV ? found : throw new LinuxException("look for interface", name, errno);
    }

    public List<LinkInfo> Links()
    {
        var writer = new NetlinkWriter(stackalloc byte[64]);
        writer.Begin(18, NetlinkFlags.Dump, _socket.NextSequence());
        writer.Put(default(LinkHeader));
        writer.End();
        return ReadLinks(writer.Written, "list interfaces");
    }

    /// <summary>Makes a bridge, which is up.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mac">Its hardware address, so that it does not change with its ports.</param>
    /// <param name="mtu">Bytes; 0 for the kernel's default.</param>
    /// <exception cref="LinuxException">EEXIST: there is an interface of that name.</exception>
    public void CreateBridge(string name, ReadOnlySpan<byte> mac, int mtu)
    {
        var writer = BeginNew(stackalloc byte[MessageSize], name, mac, mtu, up: true);
        var info = writer.Open(LinkKindAndData);
        writer.Add(Kind, "bridge");
        writer.Close(info);
        writer.End();
        _socket.Request(writer.Written, "create bridge", name);
    }

    /// <summary>Makes two interfaces joined to each other, this one a port of a bridge and up, the other one in another namespace.</summary>
    /// <param name="name">This end's name.</param>
    /// <param name="bridge">The bridge's number.</param>
    /// <param name="mtu">Bytes; 0 for the kernel's default.</param>
    /// <param name="peer">The other end's name, there.</param>
    /// <param name="peerMac">The other end's hardware address.</param>
    /// <param name="target">The other end's namespace.</param>
    /// <exception cref="LinuxException">EEXIST: a name is taken.</exception>
    public void CreateVeth(string name, int bridge, int mtu, string peer, ReadOnlySpan<byte> peerMac, SafeFileHandle target)
    {
        var writer = BeginNew(stackalloc byte[MessageSize], name, [], mtu, up: true);
        writer.Add(LinkMaster, bridge);
        var info = writer.Open(LinkKindAndData);
        writer.Add(Kind, "veth");
        var data = writer.Open(Data);
        var other = writer.Open(1);
        writer.Put(default(LinkHeader));
        PutLink(ref writer, peer, peerMac, mtu);
        writer.Add(LinkNamespace, Fd.Number(target));
        writer.Close(other);
        writer.Close(data);
        writer.Close(info);
        writer.End();
        _socket.Request(writer.Written, "create veth", name);
    }

    /// <summary>
    /// Makes an interface what a bridge's port should be. A frame may go back through the port it came from: where bridges call
    /// netfilter (br_netfilter), a port that is translated to the container that asked for it never leaves the bridge, and would be
    /// dropped there. And it is none of this host's own addresses: see <see cref="WithoutLinkLocal"/>.
    /// </summary>
    /// <param name="port">The interface that is the port.</param>
    /// <param name="isolated">Whether it exchanges frames with the bridge's own interface only, not with other isolated ports.</param>
    public void SetPort(string port, bool isolated)
    {
        var writer = new NetlinkWriter(stackalloc byte[256]);
        writer.Begin(NewLink, NetlinkFlags.Acknowledge, _socket.NextSequence());
        writer.Put(default(LinkHeader));
        writer.Add(LinkName, port);
        var info = writer.Open(LinkKindAndData);
        writer.Add(PortKind, "bridge");
        var data = writer.Open(PortData);
        writer.Add(PortMode, (byte)1);
        if (isolated)
            writer.Add(PortIsolated, (byte)1);
        writer.Close(data);
        writer.Close(info);
        writer.End();
        _socket.Request(writer.Written, "set hairpin mode of", port);
        SetAddressMode(new LinkHeader(), port);
    }

    /// <summary>
    /// Keeps an interface that is not up yet from giving itself an IPv6 address. With one, a dozen packets - is the address free,
    /// who listens to what, is there a router - go to every port of its bridge, so that each container would cost all others some time.
    /// </summary>
    public void WithoutLinkLocal(int link) => SetAddressMode(new LinkHeader { Index = link }, "");

    /// <summary>Makes a further interface on the wire of a parent, in another namespace.</summary>
    /// <param name="name">Its name, there.</param>
    /// <param name="parent">The parent's number, here.</param>
    /// <param name="mode">MACVLAN_MODE_*: 1 private, 2 vepa, 4 bridge, 8 passthru.</param>
    /// <param name="mac">Its hardware address.</param>
    /// <param name="target">Its namespace.</param>
    public void CreateMacvlan(string name, int parent, int mode, ReadOnlySpan<byte> mac, SafeFileHandle target)
    {
        var writer = BeginNew(stackalloc byte[MessageSize], name, mac, mtu: 0, up: false);
        writer.Add(LinkPeer, parent);
        writer.Add(LinkNamespace, Fd.Number(target));
        var info = writer.Open(LinkKindAndData);
        writer.Add(Kind, "macvlan");
        var data = writer.Open(Data);
        writer.Add(1, mode);
        writer.Close(data);
        writer.Close(info);
        writer.End();
        _socket.Request(writer.Written, "create macvlan", name);
    }

    public void SetUp(int link)
    {
        var writer = new NetlinkWriter(stackalloc byte[64]);
        writer.Begin(NewLink, NetlinkFlags.Acknowledge, _socket.NextSequence());
        writer.Put(new LinkHeader { Index = link, Flags = Up, Change = Up });
        writer.End();
        _socket.Request(writer.Written, "set up interface", null);
    }

    /// <summary>Deletes an interface, and with it the other end of a veth; false where there is none of that name.</summary>
    public bool DeleteLink(string name)
    {
        var writer = new NetlinkWriter(stackalloc byte[128]);
        writer.Begin(17, NetlinkFlags.Acknowledge, _socket.NextSequence());
        writer.Put(default(LinkHeader));
        writer.Add(LinkName, name);
        writer.End();
        return _socket.TryRequest(writer.Written, "delete interface", name) switch
        {
            0 => true,
            Errno.ENODEV => false,
            var errno => throw new LinuxException("delete interface", name, errno),
        };
    }

    internal static LinkInfo? ReadLink(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 16)
            return null;
        var header = MemoryMarshal.Read<LinkHeader>(payload);
        var link = new LinkInfo(header.Index, "", "", "", (header.Flags & Up) != 0, 0, 0, 0);
        var reader = new AttributeReader(payload[16..]);
        while (reader.Next())
        {
            link = reader.Type switch
            {
                LinkName => link with { Name = reader.Text },
                LinkAddress => link with { Mac = MacText(reader.Value) },
                LinkMtu => link with { Mtu = reader.Int },
                LinkPeer => link with { Peer = reader.Int },
                LinkPeerNamespace => link with { PeerNamespace = reader.Int },
                LinkMaster => link with { Master = reader.Int },
                LinkKindAndData => link with { Kind = KindOf(reader.Value) },
                _ => link,
            };
        }
        return link;
    }

    private void SetAddressMode(LinkHeader header, string name)
    {
        var writer = new NetlinkWriter(stackalloc byte[128]);
        writer.Begin(NewLink, NetlinkFlags.Acknowledge, _socket.NextSequence());
        writer.Put(header);
        if (name.Length > 0)
            writer.Add(LinkName, name);
        var families = writer.Open(LinkFamilies);
        var family = writer.Open(Ipv6);
        writer.Add(AddressMode, (byte)NoAddress);
        writer.Close(family);
        writer.Close(families);
        writer.End();
        // A kernel without IPv6 has nothing to keep.
        if (_socket.TryRequest(writer.Written, "set address mode of", name) is var errno and not (0 or Errno.EAFNOSUPPORT))
            throw new LinuxException("set address mode of", name, errno);
    }

    private static string KindOf(ReadOnlySpan<byte> attributes)
    {
        var reader = new AttributeReader(attributes);
        while (reader.Next())
        {
            if (reader.Type == Kind)
                return reader.Text;
        }
        return "";
    }

    private static string MacText(ReadOnlySpan<byte> mac) =>
        mac.Length == 6 ? $"{mac[0]:x2}:{mac[1]:x2}:{mac[2]:x2}:{mac[3]:x2}:{mac[4]:x2}:{mac[5]:x2}" : "";

    private NetlinkWriter BeginNew(Span<byte> buffer, string name, ReadOnlySpan<byte> mac, int mtu, bool up)
    {
        var writer = new NetlinkWriter(buffer);
        writer.Begin(NewLink, NetlinkFlags.Create | NetlinkFlags.Exclusive | NetlinkFlags.Acknowledge, _socket.NextSequence());
        writer.Put(new LinkHeader { Flags = up ? Up : 0u, Change = up ? Up : 0u });
        PutLink(ref writer, name, mac, mtu);
        return writer;
    }

    private static void PutLink(ref NetlinkWriter writer, string name, ReadOnlySpan<byte> mac, int mtu)
    {
        writer.Add(LinkName, name);
        if (!mac.IsEmpty)
            writer.Add(LinkAddress, mac);
        if (mtu > 0)
            writer.Add(LinkMtu, mtu);
    }

    /// <summary>struct ifinfomsg.</summary>
    internal struct LinkHeader
    {
        public byte Family;
        public byte Padding;
        public ushort Type;
        public int Index;
        public uint Flags;
        public uint Change;
    }
}

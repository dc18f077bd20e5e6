using System.Buffers.Binary;

namespace Vitrine.Linux.Netlink;

/// <content>A port that is another one.</content>
public sealed partial class NftSocket
{
    private const byte Ipv4 = 2;
    private const int Tcp = 6;
    private const int Udp = 17;
    private const int SourcePort = 0;
    private const int DestinationPort = 2;
    private const int NewTable = 0;
    private const int DeleteTable = 2;

    /// <summary>
    /// What a local process sends to a port of a loopback address goes to another port of it, and the answers come from the
    /// first one: by rewriting the packets, without the connection tracking that NAT would need and every packet pay for.
    /// </summary>
    /// <param name="table">A table to make, instead of one of that name; of the ip family.</param>
    /// <param name="address">The loopback address, four bytes.</param>
    /// <param name="port">The port that processes know.</param>
    /// <param name="udpPort">Where udp is really served.</param>
    /// <param name="tcpPort">Where tcp is really served.</param>
    public void RedirectLoopback(string table, ReadOnlySpan<byte> address, ushort port, ushort udpPort, ushort tcpPort)
    {
        // A namespace that is new has no such table, and whoever deletes waits for the kernel when its socket closes.
        var refusal = TryRedirect(table, address, port, udpPort, tcpPort, [NewTable], NetlinkFlags.Exclusive);
        if (refusal is Errno.EEXIST)
        {
            _hasDeleted = true;
            refusal = TryRedirect(table, address, port, udpPort, tcpPort, [DeleteTable, NewTable], 0);
        }
        if (refusal != 0)
            throw new LinuxException("redirect a port of", "loopback", refusal);
    }

    private Errno TryRedirect(
        string table, ReadOnlySpan<byte> address, ushort port, ushort udpPort, ushort tcpPort, ReadOnlySpan<int> first, NetlinkFlags flags)
    {
        var writer = new NetlinkWriter(new byte[8 << 10]);
        BeginBatch(ref writer);
        foreach (var message in first)
        {
            Begin(ref writer, message, flags);
            writer.Add(1, table);
            writer.End();
        }

        Begin(ref writer, 3);
        writer.Add(1, table);
        writer.Add(3, "output");
        var hook = writer.Open(4);
        writer.AddBig(1, 3);
        writer.AddBig(2, -150);
        writer.Close(hook);
        writer.Add(7, "filter");
        writer.End();

        foreach (var (protocol, real) in new[] { (Udp, udpPort), (Tcp, tcpPort) })
        {
            Rewrite(ref writer, table, protocol, address, 16, DestinationPort, port, real);
            Rewrite(ref writer, table, protocol, address, 12, SourcePort, real, port);
        }
        EndBatch(ref writer);
        return _socket.TryRequest(writer.Written, "redirect a port of", "loopback");
    }

    private void Begin(ref NetlinkWriter writer, int message, NetlinkFlags flags = 0)
    {
        writer.Begin((ushort)(Subsystem | message), flags | NetlinkFlags.Create | NetlinkFlags.Append | NetlinkFlags.Acknowledge, _socket.NextSequence());
        writer.Put(Header(Ipv4, 0));
    }

    /// <summary>A rule: packets of a protocol with this address and port get another port.</summary>
    private void Rewrite(
        ref NetlinkWriter writer, string table, int protocol, ReadOnlySpan<byte> address, int addressAt, int portAt, ushort from, ushort to)
    {
        Begin(ref writer, 6);
        writer.Add(1, table);
        writer.Add(2, "output");
        var list = writer.Open(4);

        var (item, data) = Open(ref writer, "meta");
        writer.AddBig(2, 16); // NFT_META_L4PROTO
        writer.AddBig(1, 1);
        Close(ref writer, item, data);
        Compare(ref writer, [(byte)protocol]);
        Load(ref writer, 1, addressAt, 4);
        Compare(ref writer, address);
        Load(ref writer, 2, portAt, 2);
        Compare(ref writer, Port(from));

        (item, data) = Open(ref writer, "immediate");
        writer.AddBig(1, 1);
        var value = writer.Open(2);
        writer.Add(1, Port(to));
        writer.Close(value);
        Close(ref writer, item, data);

        (item, data) = Open(ref writer, "payload");
        writer.AddBig(5, 1);
        writer.AddBig(2, 2);
        writer.AddBig(3, portAt);
        writer.AddBig(4, 2);
        writer.AddBig(6, 1); // NFT_PAYLOAD_CSUM_INET, at the checksum's place in the header:
        writer.AddBig(7, protocol == Udp ? 6 : 16);
        Close(ref writer, item, data);

        writer.Close(list);
        writer.End();
    }

    private static void Load(ref NetlinkWriter writer, int header, int offset, int length)
    {
        var (item, data) = Open(ref writer, "payload");
        writer.AddBig(1, 1);
        writer.AddBig(2, header);
        writer.AddBig(3, offset);
        writer.AddBig(4, length);
        Close(ref writer, item, data);
    }

    private static void Compare(ref NetlinkWriter writer, scoped ReadOnlySpan<byte> value)
    {
        var (item, data) = Open(ref writer, "cmp");
        writer.AddBig(1, 1);
        writer.AddBig(2, 0);
        var wanted = writer.Open(3);
        writer.Add(1, value);
        writer.Close(wanted);
        Close(ref writer, item, data);
    }

    private static (int Item, int Data) Open(ref NetlinkWriter writer, string expression)
    {
        var item = writer.Open(1);
        writer.Add(1, expression);
        return (item, writer.Open(2));
    }

    private static void Close(ref NetlinkWriter writer, int item, int data)
    {
        writer.Close(data);
        writer.Close(item);
    }

    private static byte[] Port(ushort port)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, port);
        return bytes;
    }
}

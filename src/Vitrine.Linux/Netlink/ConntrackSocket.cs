using System.Net;

namespace Vitrine.Linux.Netlink;

/// <summary>A tracked connection.</summary>
/// <param name="Protocol">IPPROTO_*.</param>
/// <param name="Source">Who began it.</param>
/// <param name="DestinationPort">The port it was begun to, before any translation.</param>
/// <param name="Answerer">Who answers: the destination after translation.</param>
public sealed record TrackedConnection(int Protocol, IPAddress Source, ushort DestinationPort, IPAddress Answerer);

/// <summary>
/// The connections that the kernel tracks (ctnetlink). A udp flow keeps the translation it began with for as long as packets
/// come, so that entries from before a port was published, or of a container that has gone, have to be deleted.
/// </summary>
public sealed class ConntrackSocket : IDisposable
{
    private const int Netfilter = 12;
    private const int Subsystem = 1 << 8;

    private readonly NetlinkSocket _socket = new(Netfilter);

    public void Dispose() => _socket.Dispose();

    /// <summary>Deletes the connections of both families that <paramref name="which"/> names.</summary>
    /// <returns>How many.</returns>
    public int Delete(Func<TrackedConnection, bool> which)
    {
        var doomed = new List<(byte Family, byte[] Tuple, byte[] Id)>();
        foreach (var family in new byte[] { 2, 10 })
        {
            var writer = new NetlinkWriter(new byte[64]);
            writer.Begin(Subsystem | 1, NetlinkFlags.Dump, _socket.NextSequence());
            writer.Put((uint)family);
            writer.End();
            _socket.Dump(writer.Written, "list tracked connections", (_, payload) =>
            {
                if (payload.Length > 4 && Read(payload[4..]) is { } connection && which(connection))
                    doomed.Add((family, AttributeReader.Find(payload[4..], 1).ToArray(), AttributeReader.Find(payload[4..], 12).ToArray()));
            });
        }
        foreach (var (family, tuple, id) in doomed)
        {
            var writer = new NetlinkWriter(new byte[512]);
            writer.Begin(Subsystem | 2, NetlinkFlags.Acknowledge, _socket.NextSequence());
            writer.Put((uint)family);
            writer.Add(1 | 0x8000, tuple);
            writer.Add(12, id);
            writer.End();
            _socket.TryRequest(writer.Written, "delete tracked connection", null);
        }
        return doomed.Count;
    }

    internal static TrackedConnection? Read(ReadOnlySpan<byte> attributes)
    {
        var original = AttributeReader.Find(attributes, 1);
        var reply = AttributeReader.Find(attributes, 2);
        var protocol = AttributeReader.Find(AttributeReader.Find(original, 2), 1);
        if (protocol.IsEmpty || Source(original) is not { } source || Source(reply) is not { } answerer)
            return null;
        var ports = new AttributeReader(AttributeReader.Find(original, 2));
        ushort port = 0;
        while (ports.Next())
        {
            if (ports.Type == 3)
                port = ports.BigShort;
        }
        return new TrackedConnection(protocol[0], source, port, answerer);
    }

    private static IPAddress? Source(ReadOnlySpan<byte> tuple)
    {
        var addresses = AttributeReader.Find(tuple, 1);
        var v4 = AttributeReader.Find(addresses, 1);
        if (v4.Length == 4)
            return new IPAddress(v4);
        var v6 = AttributeReader.Find(addresses, 3);
        return v6.Length == 16 ? new IPAddress(v6) : null;
    }
}

using System.Buffers.Binary;

namespace Vitrine.Linux.Netlink;

/// <content>Finding out whether somebody has changed something.</content>
public sealed partial class NftSocket
{
    private const int RuleChain = 2;
    private const int RuleExpressions = 4;
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <summary>
    /// The number of the namespace's rule set (NFT_MSG_GETGEN): each batch that takes effect adds one to it, whoever sends it.
    /// </summary>
    public uint Generation()
    {
        var generation = 0u;
        var writer = new NetlinkWriter(stackalloc byte[64]);
        writer.Begin(Subsystem | 16, NetlinkFlags.Acknowledge, _socket.NextSequence());
        writer.Put(Header(0, 0));
        writer.End();
        _socket.Request(writer.Written, "ask for nftables' generation", null, (_, payload) =>
        {
            var id = payload.Length > 4 ? AttributeReader.Find(payload[4..], 1) : [];
            generation = id.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(id) : generation;
        });
        return generation;
    }

    /// <summary>How many rules a table of the inet family has - 0 where there is no such table - and a number made of all they say.</summary>
    public (int Count, ulong Sum) Rules(string table)
    {
        var (count, sum) = (0, FnvOffset);
        var writer = new NetlinkWriter(stackalloc byte[256]);
        writer.Begin(Subsystem | 7, NetlinkFlags.Dump, _socket.NextSequence());
        writer.Put(Header(Inet, 0));
        writer.Add(1, table);
        writer.End();
        try
        {
            _socket.Dump(writer.Written, "list rules of nftables table", (_, payload) =>
            {
                count++;
                sum = payload.Length > 4 ? AddRule(sum, payload[4..]) : sum;
            });
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT)
        {
            return (0, 0);
        }
        return (count, sum);
    }

    /// <summary>A sum with a rule's chain and expressions; its handle, which is another one each time, is left out.</summary>
    internal static ulong AddRule(ulong sum, ReadOnlySpan<byte> attributes)
    {
        var reader = new AttributeReader(attributes);
        while (reader.Next())
        {
            if (reader.Type is not (RuleChain or RuleExpressions))
                continue;
            foreach (var b in reader.Value)
                sum = (sum ^ b) * FnvPrime;
        }
        return sum;
    }
}

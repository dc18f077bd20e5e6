using System.Buffers.Binary;

namespace Vitrine.Linux.Netlink;

/// <content>What becomes of a packet that no rule speaks for.</content>
public sealed partial class NftSocket
{
    private const int MetaKey = 2;
    private const int FirstInterfaceKey = 4;
    private const int LastInterfaceKey = 7;
    private const int DropVerdict = 0;

    /// <summary>
    /// Whether a chain drops or rejects in the end: by its policy, or by a last rule that asks for nothing but an interface
    /// (iptables -A INPUT -j REJECT, and the chains of firewalld).
    /// </summary>
    public bool EndsInDrop(NftChain chain)
    {
        var drops = chain.Drops;
        if (drops)
            return true;
        var writer = new NetlinkWriter(new byte[1024]);
        writer.Begin(Subsystem | 7, NetlinkFlags.Dump, _socket.NextSequence());
        writer.Put(Header(chain.Family, 0));
        writer.Add(1, chain.Table);
        writer.Add(2, chain.Name);
        writer.End();
        try
        {
            _socket.Dump(writer.Written, "list rules of nftables chain", (_, payload) => drops = payload.Length > 4 && Drops(payload[4..]));
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT)
        {
            return false;
        }
        return drops;
    }

    /// <summary>Whether a rule drops or rejects all packets, or all of some interfaces.</summary>
    internal static bool Drops(ReadOnlySpan<byte> rule)
    {
        var expressions = new AttributeReader(AttributeReader.Find(rule, RuleExpressions));
        while (expressions.Next())
        {
            var data = AttributeReader.Find(expressions.Value, 2);
            var name = AttributeReader.Find(expressions.Value, 1).TrimEnd((byte)0);
            if (name.SequenceEqual("reject"u8))
                return true;
            if (name.SequenceEqual("immediate"u8))
                return Verdict(data) == DropVerdict;
            if (name.SequenceEqual("target"u8))
                return AttributeReader.Find(data, 1).TrimEnd((byte)0) is var target && (target.SequenceEqual("REJECT"u8) || target.SequenceEqual("DROP"u8));
            if (!IsHarmless(name, data))
                return false;
        }
        return false;
    }

    private static bool IsHarmless(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (name.SequenceEqual("meta"u8))
            return AttributeReader.Find(data, MetaKey) is { Length: >= 4 } key && BinaryPrimitives.ReadInt32BigEndian(key) is >= FirstInterfaceKey and <= LastInterfaceKey;
        return name.SequenceEqual("counter"u8) || name.SequenceEqual("log"u8) || name.SequenceEqual("cmp"u8) || name.SequenceEqual("lookup"u8);
    }

    /// <summary>The verdict of an immediate expression; null where it loads something else.</summary>
    private static int? Verdict(ReadOnlySpan<byte> immediate)
    {
        var code = AttributeReader.Find(AttributeReader.Find(AttributeReader.Find(immediate, 2), 2), 1);
        return code.Length >= 4 ? BinaryPrimitives.ReadInt32BigEndian(code) : null;
    }
}

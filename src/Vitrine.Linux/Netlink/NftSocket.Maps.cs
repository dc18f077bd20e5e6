namespace Vitrine.Linux.Netlink;

/// <summary>A map of nftables: its table and its name.</summary>
public sealed record NftMap(string Table, string Name);

/// <content>Reading maps.</content>
public sealed partial class NftSocket
{
    private const int IsMap = 8;
    private const int EndsInterval = 1;

    /// <summary>The maps of all tables of the inet family.</summary>
    /// <exception cref="LinuxException">EPERM: needs CAP_NET_ADMIN.</exception>
    public List<NftMap> Maps()
    {
        var maps = new List<NftMap>();
        var writer = new NetlinkWriter(stackalloc byte[64]);
        writer.Begin(Subsystem | 10, NetlinkFlags.Dump, _socket.NextSequence());
        writer.Put(Header(Inet, 0));
        writer.End();
        _socket.Dump(writer.Written, "list sets of nftables", (_, payload) =>
        {
            if (payload.Length > 4 && ReadMap(payload[4..]) is { } map)
                maps.Add(map);
        });
        return maps;
    }

    /// <summary>The elements of a map or set; none where it has gone meanwhile.</summary>
    /// <exception cref="LinuxException">EPERM: needs CAP_NET_ADMIN.</exception>
    public List<NftElement> Elements(NftMap map)
    {
        var elements = new List<NftElement>();
        var writer = new NetlinkWriter(new byte[1024]);
        writer.Begin(Subsystem | 13, NetlinkFlags.Dump, _socket.NextSequence());
        writer.Put(Header(Inet, 0));
        writer.Add(1, map.Table);
        writer.Add(2, map.Name);
        writer.End();
        try
        {
            _socket.Dump(writer.Written, "list elements of nftables map", (_, payload) =>
            {
                if (payload.Length > 4)
                    ReadElements(map.Name, payload[4..], elements);
            });
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT)
        {
            return [];
        }
        return elements;
    }

    internal static NftMap? ReadMap(ReadOnlySpan<byte> attributes)
    {
        var (table, name, flags) = ("", "", 0);
        var reader = new AttributeReader(attributes);
        while (reader.Next())
        {
            if (reader.Type == 1)
                table = reader.Text;
            else if (reader.Type == 2)
                name = reader.Text;
            else if (reader.Type == 3)
                flags = reader.BigInt;
        }
        return (flags & IsMap) != 0 ? new NftMap(table, name) : null;
    }

    internal static void ReadElements(string map, ReadOnlySpan<byte> attributes, List<NftElement> elements)
    {
        var list = new AttributeReader(AttributeReader.Find(attributes, 3));
        while (list.Next())
        {
            var key = AttributeReader.Find(AttributeReader.Find(list.Value, 1), 1);
            var data = AttributeReader.Find(AttributeReader.Find(list.Value, 2), 1);
            var flags = AttributeReader.Find(list.Value, 3);
            if (!key.IsEmpty)
                elements.Add(new NftElement(map, key.ToArray(), data.ToArray(), flags.Length >= 4 && (flags[3] & EndsInterval) != 0));
        }
    }
}

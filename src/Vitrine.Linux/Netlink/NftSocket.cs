namespace Vitrine.Linux.Netlink;

/// <summary>One element of a set or map of nftables.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Key">Its key as the kernel keeps it: each part of a concatenation padded to four bytes, in network byte order.</param>
/// <param name="Data">What a map maps it to; empty in a set.</param>
/// <param name="EndsInterval">Whether it is the first key behind an interval.</param>
public sealed record NftElement(string Set, byte[] Key, byte[] Data, bool EndsInterval = false);

/// <summary>A base chain of anybody's.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
/// <param name="Hook">NF_INET_*: 0 prerouting, 1 input, 2 forward, 3 output, 4 postrouting.</param>
/// <param name="Drops">Whether it drops what no rule speaks of.</param>
/// <param name="Family">NFPROTO_*: 1 inet, 2 ip, 10 ip6, and others.</param>
public sealed record NftChain(string Table, string Name, int Hook, bool Drops, byte Family = 1);

/// <summary>
/// The part of nf_tables that each start of a container uses, spoken directly: elements of sets that exist. Whole rule sets are
/// text, for <see cref="Libnftables"/>. One call is one batch: it takes effect as a whole or not at all.
/// </summary>
public sealed partial class NftSocket : IDisposable
{
    private const int Netfilter = 12;
    private const int Subsystem = 10 << 8;
    private const ushort BatchBegin = 16;
    private const ushort BatchEnd = 17;
    private const byte Inet = 1;
    private const int BatchSize = 32 << 10;

    /// <summary>Elements in one batch: what the buffer holds at their longest.</summary>
    private const int ElementsPerBatch = 128;

    /// <summary>The last socket by which something was deleted, in this process.</summary>
    private static NetlinkSocket? s_lingering;

    private readonly NetlinkSocket _socket = new(Netfilter);
    private bool _hasDeleted;

    /// <summary>How many batches of this socket have taken effect.</summary>
    public uint Commits { get; private set; }

    /// <summary>
    /// Closes the socket. The kernel frees what was deleted after a grace period, and closing any socket of netfilter's waits for
    /// that, 10 ms and more; so the one that deleted stays open until the next one takes its place, or the process ends.
    /// </summary>
    public void Dispose() => (_hasDeleted ? Interlocked.Exchange(ref s_lingering, _socket) : _socket)?.Dispose();

    /// <summary>Adds elements. One that is there already, with the same data, is fine.</summary>
    /// <exception cref="LinuxException">ENOENT: there is no such table or set; EEXIST: a key is there with other data.</exception>
    public void Add(string table, IReadOnlyList<NftElement> elements)
    {
        for (var first = 0; first < elements.Count; first += ElementsPerBatch)
        {
            var errno = Change(12, NetlinkFlags.Create, table, elements, first, Math.Min(elements.Count, first + ElementsPerBatch));
            if (errno != 0)
                throw new LinuxException("add elements to nftables table", table, errno);
        }
    }

    /// <summary>Deletes elements, each whether or not it is there.</summary>
    /// <exception cref="LinuxException">Refused for another reason.</exception>
    public void Delete(string table, IReadOnlyList<NftElement> elements)
    {
        _hasDeleted |= elements.Count > 0;
        for (var first = 0; first < elements.Count; first += ElementsPerBatch)
        {
            var end = Math.Min(elements.Count, first + ElementsPerBatch);
            if (Change(14, 0, table, elements, first, end) == 0)
                continue;
            for (var one = first; one < end; one++)
            {
                if (Change(14, 0, table, elements, one, one + 1) is var errno and not (0 or Errno.ENOENT))
                    throw new LinuxException("delete element of nftables table", table, errno);
            }
        }
    }

    /// <summary>Base chains of all tables.</summary>
    public List<NftChain> BaseChains()
    {
        var chains = new List<NftChain>();
        var writer = new NetlinkWriter(stackalloc byte[64]);
        writer.Begin(Subsystem | 4, NetlinkFlags.Dump, _socket.NextSequence());
        writer.Put(Header(0, 0));
        writer.End();
        _socket.Dump(writer.Written, "list chains of nftables", (_, payload) =>
        {
            if (payload.Length > 4 && ReadChain(payload[4..]) is { } chain)
                chains.Add(chain with { Family = payload[0] });
        });
        return chains;
    }

    internal static NftChain? ReadChain(ReadOnlySpan<byte> attributes)
    {
        var hook = AttributeReader.Find(attributes, 4);
        if (hook.IsEmpty)
            return null;
        var (table, name, drops) = ("", "", false);
        var reader = new AttributeReader(attributes);
        while (reader.Next())
        {
            if (reader.Type == 1)
                table = reader.Text;
            else if (reader.Type == 3)
                name = reader.Text;
            else if (reader.Type == 5)
                drops = reader.BigInt == 0;
        }
        var inside = new AttributeReader(hook);
        while (inside.Next())
        {
            if (inside.Type == 1)
                return new NftChain(table, name, inside.BigInt, drops);
        }
        return null;
    }

    private Errno Change(int message, NetlinkFlags flags, string table, IReadOnlyList<NftElement> elements, int first, int end)
    {
        var writer = new NetlinkWriter(new byte[BatchSize]);
        BeginBatch(ref writer);
        for (var i = first; i < end; i++)
        {
            writer.Begin((ushort)(Subsystem | message), flags | NetlinkFlags.Acknowledge, _socket.NextSequence());
            writer.Put(Header(Inet, 0));
            writer.Add(1, table);
            writer.Add(2, elements[i].Set);
            var list = writer.Open(3);
            PutElement(ref writer, elements[i]);
            writer.Close(list);
            writer.End();
        }
        EndBatch(ref writer);
        var refusal = _socket.TryRequest(writer.Written, "change nftables table", table);
        Commits += refusal == 0 ? 1u : 0;
        return refusal;
    }

    private static void PutElement(ref NetlinkWriter writer, NftElement element)
    {
        var item = writer.Open(1);
        var key = writer.Open(1);
        writer.Add(1, element.Key);
        writer.Close(key);
        if (element.Data.Length > 0)
        {
            var data = writer.Open(2);
            writer.Add(1, element.Data);
            writer.Close(data);
        }
        if (element.EndsInterval)
            writer.AddBig(3, 1);
        writer.Close(item);
    }

    private void BeginBatch(ref NetlinkWriter writer) => Batch(ref writer, BatchBegin);

    private void EndBatch(ref NetlinkWriter writer) => Batch(ref writer, BatchEnd);

    private void Batch(ref NetlinkWriter writer, ushort type)
    {
        writer.Begin(type, 0, _socket.NextSequence());
        writer.Put(Header(0, 10));
        writer.End();
    }

    /// <summary>struct nfgenmsg: family, version, and a resource id in network byte order.</summary>
    private static uint Header(byte family, byte resource) => family | ((uint)resource << 24);
}

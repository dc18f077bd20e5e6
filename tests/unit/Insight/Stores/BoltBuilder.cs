using System.Buffers.Binary;
using System.Text;
using Vitrine.Insight.Stores;

namespace Vitrine.Tests.Unit.Insight.Stores;

/// <summary>
/// Writes files of bbolt as its documentation has them. A bucket lies in its parent while it fits there and holds no other, as
/// bbolt keeps small ones, else on pages of its own: one leaf, or a branch over leaves.
/// </summary>
internal sealed class BoltBuilder
{
    private const int PageSize = 4096;
    private const int Header = 16;
    private const int KeysInLeaf = 3;

    private readonly List<byte[]> _pages = [];

    /// <summary>A tree of buckets (dictionaries) and values (strings or bytes), by keys in bytewise order.</summary>
    public static byte[] File(SortedDictionary<string, object> root, ulong transaction = 7)
    {
        var builder = new BoltBuilder();
        var top = builder.Pages(root);
        var file = new byte[(4 + builder._pages.Count) * PageSize];
        Meta(file.AsSpan(0, PageSize), 0, top, transaction - 1);
        Meta(file.AsSpan(PageSize, PageSize), 1, top, transaction);
        for (var i = 0; i < builder._pages.Count; i++)
            builder._pages[i].CopyTo(file, (4 + i) * PageSize);
        return file;
    }

    public static SortedDictionary<string, object> Bucket(params (string Key, object Value)[] entries)
    {
        var bucket = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
            bucket.Add(key, value);
        return bucket;
    }

    private ulong Pages(SortedDictionary<string, object> bucket)
    {
        var leaves = bucket.Chunk(KeysInLeaf).Select(part => (part[0].Key, Page: Add(Leaf(part)))).ToList();
        if (leaves.Count == 0)
            return Add(Leaf([]));
        if (leaves.Count == 1)
            return leaves[0].Page;
        var branch = new byte[PageSize];
        Head(branch, 1, leaves.Count);
        var at = Header + 16 * leaves.Count;
        for (var i = 0; i < leaves.Count; i++)
        {
            var key = Encoding.UTF8.GetBytes(leaves[i].Key);
            var element = branch.AsSpan(Header + 16 * i);
            BinaryPrimitives.WriteUInt32LittleEndian(element, (uint)(at - (Header + 16 * i)));
            BinaryPrimitives.WriteUInt32LittleEndian(element[4..], (uint)key.Length);
            BinaryPrimitives.WriteUInt64LittleEndian(element[8..], leaves[i].Page);
            key.CopyTo(branch, at);
            at += key.Length;
        }

        return Add(branch);
    }

    private byte[] Leaf(KeyValuePair<string, object>[] entries)
    {
        var cells = entries.Select(entry => (Key: Encoding.UTF8.GetBytes(entry.Key), Value: Value(entry.Value), IsBucket: entry.Value is SortedDictionary<string, object>)).ToList();
        var page = new byte[(Header + cells.Sum(cell => 16 + cell.Key.Length + cell.Value.Length) + PageSize - 1) / PageSize * PageSize];
        Head(page, 2, cells.Count);
        var at = Header + 16 * cells.Count;
        for (var i = 0; i < cells.Count; i++)
        {
            var element = page.AsSpan(Header + 16 * i);
            BinaryPrimitives.WriteUInt32LittleEndian(element, cells[i].IsBucket ? 1u : 0);
            BinaryPrimitives.WriteUInt32LittleEndian(element[4..], (uint)(at - (Header + 16 * i)));
            BinaryPrimitives.WriteUInt32LittleEndian(element[8..], (uint)cells[i].Key.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(element[12..], (uint)cells[i].Value.Length);
            cells[i].Key.CopyTo(page, at);
            cells[i].Value.CopyTo(page, at + cells[i].Key.Length);
            at += cells[i].Key.Length + cells[i].Value.Length;
        }

        return page;
    }

    private byte[] Value(object value)
    {
        if (value is byte[] bytes)
            return bytes;
        if (value is string text)
            return Encoding.UTF8.GetBytes(text);
        var bucket = (SortedDictionary<string, object>)value;
        if (bucket.Count <= KeysInLeaf && bucket.Values.All(inner => inner is string { Length: < 100 }))
            return [.. new byte[16], .. Leaf([.. bucket])];
        var head = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(head, Pages(bucket));
        return head;
    }

    private ulong Add(byte[] page)
    {
        var number = (ulong)(4 + _pages.Count);
        BinaryPrimitives.WriteUInt64LittleEndian(page, number);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(12), (uint)(page.Length / PageSize - 1));
        for (var at = 0; at < page.Length; at += PageSize)
            _pages.Add(page[at..(at + PageSize)]);
        return number;
    }

    private static void Head(byte[] page, ushort flags, int count)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(8), flags);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(10), (ushort)count);
    }

    private static void Meta(Span<byte> page, ulong number, ulong root, ulong transaction)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(page, number);
        BinaryPrimitives.WriteUInt16LittleEndian(page[8..], 4);
        var meta = page[Header..];
        BinaryPrimitives.WriteUInt32LittleEndian(meta, 0xED0CDAED);
        BinaryPrimitives.WriteUInt32LittleEndian(meta[4..], 2);
        BinaryPrimitives.WriteUInt32LittleEndian(meta[8..], PageSize);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[16..], root);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[48..], transaction);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[56..], BoltFile.Checksum(meta[..56]));
    }
}

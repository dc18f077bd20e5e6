using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Insight.Stores;

/// <summary>
/// Looks things up in a file of bbolt (go.etcd.io/bbolt, page.go and db.go), containerd's database, while its owner writes on: pages
/// are never changed in place, so what one of the two roots leads to is whole as long as that root stays the newer one.
/// </summary>
/// <param name="file">The open file; not disposed of.</param>
internal sealed class BoltFile(SafeFileHandle file)
{
    private const uint Magic = 0xED0CDAED;
    private const uint Version = 2;
    private const int PageHeader = 16;
    private const int ElementSize = 16;
    private const int BucketHeader = 16;
    private const int MetaSize = 64;
    private const int LeastPage = 1024;
    private const int LargestPage = 64 << 10;
    private const int LargestRun = 4 << 20;
    private const int Deepest = 24;
    private const ushort BranchFlag = 1;
    private const ushort LeafFlag = 2;
    private const int Tries = 3;

    private readonly record struct Root(int PageSize, ulong Page, ulong Transaction);

    /// <summary>The value of a key below buckets within each other; null where there is none, or the file is none of bbolt's.</summary>
    /// <param name="path">The buckets from the outermost, and last the key.</param>
    public byte[]? Find(params ReadOnlySpan<string> path)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            if (ReadRoot() is not { } root)
                return null;
            byte[]? found;
            try
            {
                found = Descend(root, path);
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException)
            {
                found = null; // Torn by a writer, or damaged: the root tells which.
            }

            if (ReadRoot() == root)
                return found;
        }

        return null;
    }

    /// <summary>Like <see cref="Find"/>, as text.</summary>
    public string? Text(params ReadOnlySpan<string> path) => Find(path) is { } value ? Encoding.UTF8.GetString(value) : null;

    private byte[]? Descend(Root root, ReadOnlySpan<string> path)
    {
        var page = Page(root, root.Page);
        for (var i = 0; i < path.Length; i++)
        {
            if (Lookup(root, page, Encoding.UTF8.GetBytes(path[i]), 0) is not var (value, isBucket) || isBucket != i < path.Length - 1)
                return null;
            if (!isBucket)
                return value;
            if (value.Length < BucketHeader)
                throw new InvalidDataException();
            var inner = BinaryPrimitives.ReadUInt64LittleEndian(value);
            // A small bucket's only page lies behind its head.
            page = inner == 0 ? value[BucketHeader..] : Page(root, inner);
        }

        return null;
    }

    private (byte[] Value, bool IsBucket)? Lookup(Root root, byte[] page, byte[] key, int depth)
    {
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(page.AsSpan(8, 2));
        var count = BinaryPrimitives.ReadUInt16LittleEndian(page.AsSpan(10, 2));
        if (depth > Deepest || (flags & (BranchFlag | LeafFlag)) == 0)
            throw new InvalidDataException();
        var (low, high) = (0, count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Key(page, middle, flags).SequenceCompareTo(key);
            if (order == 0 && (flags & LeafFlag) != 0)
                return Leaf(page, middle);
            if (order <= 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        // The child before the first greater key has it, if any has.
        return (flags & LeafFlag) != 0 || high < 0 ? null : Lookup(root, Page(root, BinaryPrimitives.ReadUInt64LittleEndian(Element(page, high)[8..])), key, depth + 1);
    }

    private static (byte[] Value, bool IsBucket) Leaf(byte[] page, int index)
    {
        const uint bucket = 1;
        var element = Element(page, index);
        var (position, keySize) = (Number(element[4..]), Number(element[8..]));
        var value = page.AsSpan(PageHeader + index * ElementSize).Slice(position).Slice(keySize, Number(element[12..]));
        return (value.ToArray(), BinaryPrimitives.ReadUInt32LittleEndian(element) == bucket);
    }

    private static ReadOnlySpan<byte> Key(byte[] page, int index, ushort flags)
    {
        var element = Element(page, index);
        var isLeaf = (flags & LeafFlag) != 0;
        var (position, size) = (Number(element[(isLeaf ? 4 : 0)..]), Number(element[(isLeaf ? 8 : 4)..]));
        return page.AsSpan(PageHeader + index * ElementSize).Slice(position, size);
    }

    private static ReadOnlySpan<byte> Element(byte[] page, int index) => page.AsSpan(PageHeader + index * ElementSize, ElementSize);

    private static int Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes) is var number and <= int.MaxValue ? (int)number : throw new InvalidDataException();

    /// <summary>A page with those behind it that it goes on in.</summary>
    private byte[] Page(Root root, ulong number)
    {
        if (number > long.MaxValue / LargestPage)
            throw new InvalidDataException();
        var offset = (long)number * root.PageSize;
        Span<byte> head = stackalloc byte[PageHeader];
        Fill(head, offset);
        var length = (BinaryPrimitives.ReadUInt32LittleEndian(head[12..]) + 1L) * root.PageSize;
        if (length > LargestRun || BinaryPrimitives.ReadUInt64LittleEndian(head) != number)
            throw new InvalidDataException();
        var page = new byte[length];
        Fill(page, offset);
        return page;
    }

    private void Fill(Span<byte> bytes, long offset)
    {
        for (var got = 0; got < bytes.Length;)
        {
            if (Read(bytes[got..], offset + got) is not (var more and > 0))
                throw new InvalidDataException();
            got += more;
        }
    }

    private int Read(Span<byte> bytes, long offset)
    {
        try
        {
            return RandomAccess.Read(file, bytes, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException("it cannot be read", e);
        }
    }

    /// <summary>The newer of the two roots that is whole; the second is a page behind the first.</summary>
    private Root? ReadRoot()
    {
        if (ReadRoot(0) is not { } first)
            return FindSecond();
        return ReadRoot(first.PageSize) is { } second && second.Transaction > first.Transaction ? second : first;
    }

    private Root? FindSecond()
    {
        for (var size = LeastPage; size <= LargestPage; size *= 2)
        {
            if (ReadRoot(size) is { } root && root.PageSize == size)
                return root;
        }

        return null;
    }

    private Root? ReadRoot(long offset)
    {
        Span<byte> bytes = stackalloc byte[MetaSize];
        try
        {
            Fill(bytes, offset + PageHeader);
        }
        catch (InvalidDataException)
        {
            return null;
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic || BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Version
            || size is < LeastPage or > LargestPage || BinaryPrimitives.ReadUInt64LittleEndian(bytes[56..]) != Checksum(bytes[..56]))
            return null;
        return new Root((int)size, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]));
    }

    /// <summary>FNV-1a with 64 bits.</summary>
    internal static ulong Checksum(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var one in bytes)
            hash = (hash ^ one) * 1099511628211UL;
        return hash;
    }
}

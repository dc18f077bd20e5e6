using System.Buffers.Binary;

namespace Vitrine.Insight.Packages;

/// <summary>
/// rpm's database of packages as a hash of Berkeley DB, Packages (RHEL up to 8 and what is made of it; libdb, dbinc/db_page.h): every
/// page of the hash has keys and values in turn, and a value that is too long for it goes on in a chain of overflow pages. Written by a
/// processor of this one's byte order.
/// </summary>
internal sealed class BerkeleyPackages
{
    private const byte UnsortedPage = 2, OverflowPage = 7, MetaPage = 8, HashPage = 13;
    private const byte OnPage = 1, OffPage = 3;
    private const int PageHead = 26;
    private const int LeastPage = 512, LargestPage = 64 << 10;

    private readonly RpmFile _file;
    private readonly int _pageSize;
    private readonly uint _lastPage;

    private BerkeleyPackages(RpmFile file, int pageSize, uint lastPage) => (_file, _pageSize, _lastPage) = (file, pageSize, lastPage);

    /// <summary>The bytes of such a file from <see cref="MagicAt"/> on: 0x061561.</summary>
    public static ReadOnlySpan<byte> Magic => [0x61, 0x15, 0x06, 0x00];

    public const int MagicAt = 12;

    /// <summary>Shows every package's header, and the number of packages, which is a value beside them.</summary>
    /// <exception cref="InvalidDataException">It is damaged, encrypted, or too large.</exception>
    public static void Walk(RpmFile file, RpmHeaderVisitor visit)
    {
        Span<byte> head = stackalloc byte[36];
        file.Fill(head, 0);
        var size = Number(head, 20);
        if (size is < LeastPage or > LargestPage || head[24] != 0 || head[25] != MetaPage)
            throw new InvalidDataException("no hash");
        new BerkeleyPackages(file, (int)size, Number(head, 32)).Walk(visit);
    }

    private void Walk(RpmHeaderVisitor visit)
    {
        Span<byte> head = stackalloc byte[PageHead];
        var page = new byte[_pageSize];
        for (var number = 1u; number <= _lastPage; number++)
        {
            _file.Fill(head, (long)number * _pageSize);
            if (head[25] is not (HashPage or UnsortedPage))
                continue;
            _file.Fill(page, (long)number * _pageSize);
            var end = _pageSize;
            for (var item = 0; item < Number16(page, 20); item++)
            {
                // Items grow from the end of the page, each up to the one before.
                var at = ItemAt(page, item);
                if (at >= end)
                    throw new InvalidDataException("items over each other");
                var isValue = item % 2 == 1;
                if (isValue && !visit(Value(page.AsSpan(at, end - at))))
                    return;
                end = at;
            }
        }
    }

    private ReadOnlySpan<byte> Value(ReadOnlySpan<byte> item) => item[0] switch
    {
        OnPage => item[1..],
        OffPage when item.Length >= 12 => Overflow(Number(item, 4), Number(item, 8)),
        _ => throw new InvalidDataException("an item of no kind"),
    };

    private byte[] Overflow(uint number, uint length)
    {
        var value = _file.Space(length);
        var page = new byte[_pageSize];
        for (var done = 0; done < value.Length;)
        {
            _file.Fill(page, (long)number * _pageSize);
            var part = Number16(page, 22);
            if (page[25] != OverflowPage || part == 0 || part > _pageSize - PageHead || part > value.Length - done)
                throw new InvalidDataException("no page of a value");
            page.AsSpan(PageHead, part).CopyTo(value.AsSpan(done));
            done += part;
            number = Number(page, 16);
        }

        return value;
    }

    private static int ItemAt(byte[] page, int item) =>
        PageHead + 2 * item + 2 <= page.Length ? Number16(page, PageHead + 2 * item) : throw new InvalidDataException("more items than a page has");

    private static int Number16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}

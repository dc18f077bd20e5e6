using System.Buffers.Binary;

namespace Vitrine.Insight.Packages;

/// <summary>
/// rpm's database of packages in its ndb format, Packages.db (openSUSE and SLES; rpm, lib/backend/ndb/rpmpkg.c): pages of slots, each of
/// which leads to the blocks of a package's header. All numbers are little-endian.
/// </summary>
internal static class NdbPackages
{
    private const uint SlotMagic = 0x746f6c53; // Slot
    private const uint BlobMagic = 0x53626c42; // BlbS
    private const int PageSize = 4096;
    private const int SlotSize = 16;
    private const int BlockSize = 16;
    private const int BlobHead = 16;

    /// <summary>The slots of the first page begin behind the file's head.</summary>
    private const int FirstSlot = 32;

    /// <summary>The first bytes of such a file.</summary>
    public static ReadOnlySpan<byte> Magic => "RpmP"u8;

    /// <summary>Shows every package's header.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or too large.</exception>
    public static void Walk(RpmFile file, RpmHeaderVisitor visit)
    {
        var page = new byte[PageSize];
        file.Fill(page, 0);
        var pages = Number(page, 12);
        for (var number = 0u; number < pages; number++)
        {
            if (number > 0)
                file.Fill(page, (long)number * PageSize);
            for (var at = number == 0 ? FirstSlot : 0; at < PageSize; at += SlotSize)
            {
                if (Number(page, at) != SlotMagic)
                    throw new InvalidDataException("no slot");
                var package = Number(page, at + 4);
                if (package != 0 && !visit(Blob(file, package, (long)Number(page, at + 8) * BlockSize)))
                    return;
            }
        }
    }

    private static byte[] Blob(RpmFile file, uint package, long offset)
    {
        Span<byte> head = stackalloc byte[BlobHead];
        file.Fill(head, offset);
        if (Number(head, 0) != BlobMagic || Number(head, 4) != package)
            throw new InvalidDataException("no header of a package");
        var blob = file.Space(Number(head, 12));
        file.Fill(blob, offset + BlobHead);
        return blob;
    }

    private static uint Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}

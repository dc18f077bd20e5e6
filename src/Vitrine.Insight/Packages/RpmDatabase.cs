using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Insight.Packages;

/// <summary>
/// Which package owns a file, by rpm's database in SQLite (rpm 4.16 and later: Fedora, RHEL 9 and what is made of them). The tables are
/// Basenames (name, package, place in its list of files) and Packages (number, header); a header is as in the package itself
/// (https://rpm-software-management.github.io/rpm/manual/hdr_format.html). What a writer has only in the log yet is not seen.
/// </summary>
internal static class RpmDatabase
{
    private const int NameTag = 1000, DirectoryIndexesTag = 1116, DirectoryNamesTag = 1118;
    private const int EntryLength = 16;
    private const int MostHeaders = 64;

    /// <summary>The package's name, or null.</summary>
    /// <param name="file">The database.</param>
    /// <param name="paths">The names that the file may go by, absolute.</param>
    /// <param name="budget">How many bytes are read at the most.</param>
    public static string? Find(SafeFileHandle file, IReadOnlyList<string> paths, int budget)
    {
        try
        {
            var tables = SqliteTables.Open(file, budget);
            var packages = tables.Root("Packages");
            foreach (var (package, index) in Owners(tables, Encoding.UTF8.GetBytes(Path.GetFileName(paths[0]))))
            {
                if (tables.Find(packages, package) is { } row && Header(row) is var header && paths.Contains(DirectoryOf(header, index) + Path.GetFileName(paths[0])))
                    return Text(header, NameTag, 0);
            }
        }
        catch (InvalidDataException)
        {
            // No database, or a damaged one: its packages are not known, as those of an image without any.
        }

        return null;
    }

    private static List<(long Package, int Index)> Owners(SqliteTables tables, byte[] name)
    {
        var owners = new List<(long, int)>();
        tables.Walk(tables.Root("Basenames"), (_, record) =>
        {
            var row = new SqliteRecord(record);
            if (row.NextBytes().SequenceEqual(name))
                owners.Add((row.NextNumber(), (int)row.NextNumber()));
            return owners.Count < MostHeaders;
        });
        return owners;
    }

    private static ReadOnlyMemory<byte> Header(byte[] row)
    {
        var record = new SqliteRecord(row);
        // The row's own number stands for the first column.
        _ = record.NextBytes();
        return record.NextBytes().ToArray();
    }

    private static string? DirectoryOf(ReadOnlyMemory<byte> header, int file)
    {
        var indexes = Data(header, DirectoryIndexesTag, out var count);
        if (file < 0 || file >= count || indexes.Length / 4 <= file)
            return null;
        return Text(header, DirectoryNamesTag, BinaryPrimitives.ReadInt32BigEndian(indexes.Span[(4 * file)..]));
    }

    /// <summary>One of a tag's texts, which end with a zero each; null where there are not so many.</summary>
    private static string? Text(ReadOnlyMemory<byte> header, int tag, int number)
    {
        var data = Data(header, tag, out var count).Span;
        if (number < 0 || number >= count)
            return null;
        for (; data.IndexOf((byte)0) is >= 0 and var end; data = data[(end + 1)..])
        {
            if (number-- == 0)
                return Encoding.UTF8.GetString(data[..end]);
        }

        return null;
    }

    /// <summary>From a tag's value to the end of all values: entries of tag, type, offset and count come first, then the values.</summary>
    private static ReadOnlyMemory<byte> Data(ReadOnlyMemory<byte> header, int tag, out int count)
    {
        const int counts = 8;
        var bytes = header.Span;
        count = 0;
        if (bytes.Length < counts)
            return default;
        var entries = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (entries < 0 || entries > (bytes.Length - counts) / EntryLength)
            return default;
        var values = counts + entries * EntryLength;
        for (var at = counts; at < values; at += EntryLength)
        {
            var offset = BinaryPrimitives.ReadInt32BigEndian(bytes[(at + 8)..]);
            if (BinaryPrimitives.ReadInt32BigEndian(bytes[at..]) != tag || offset < 0 || offset > bytes.Length - values)
                continue;
            count = BinaryPrimitives.ReadInt32BigEndian(bytes[(at + 12)..]);
            return header[(values + offset)..];
        }

        return default;
    }
}

using System.Buffers.Binary;
using System.Text;
using Vitrine.Insight.Databases;
using Vitrine.Insight.Packages;
using Vitrine.Tests.Unit.Images;
using Vitrine.Tests.Unit.Insight.Databases;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Packages;

/// <summary>Databases that are well-formed piece by piece, and made to take time and memory or to be counted wrongly.</summary>
public sealed class SqliteTablesTests : IDisposable
{
    private const int PageSize = 4096;
    private const int Budget = 1 << 20;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Walk_RowsOverEachOther_CostNoMoreThanTheBudget()
    {
        const int rows = 1000, length = 2000, at = 8 + 2 * rows;
        var leaf = new byte[PageSize];
        leaf[0] = 0x0d;
        BinaryPrimitives.WriteInt16BigEndian(leaf.AsSpan(3), rows);
        for (var i = 0; i < rows; i++)
            BinaryPrimitives.WriteInt16BigEndian(leaf.AsSpan(8 + 2 * i), at);
        Varint(length).CopyTo(leaf, at);
        var seen = 0L;

        Assert.Throws<InvalidDataException>(() => With([Page([]), leaf], tables => tables.Walk(2, (_, record) =>
        {
            seen += record.Length;
            return true;
        })));
        Assert.InRange(seen, length, Budget);
    }

    [Fact]
    public void WalkAndFind_PagesInACircle_End()
    {
        const int children = 1000, at = 12 + 2 * children;
        var interior = new byte[PageSize];
        interior[0] = 0x05;
        BinaryPrimitives.WriteInt16BigEndian(interior.AsSpan(3), children);
        interior[11] = 2;
        for (var i = 0; i < children; i++)
            BinaryPrimitives.WriteInt16BigEndian(interior.AsSpan(12 + 2 * i), at);
        interior[at + 3] = 2;

        Assert.Throws<InvalidDataException>(() => With([Page([]), interior], tables => tables.Walk(2, (_, _) => true)));
        Assert.Throws<InvalidDataException>(() => With([Page([]), interior], tables => tables.Find(2, 1)));
    }

    /// <summary>No lock is taken, so that a writer may come in between: it is noticed.</summary>
    [Theory]
    [InlineData("DELETE")]
    [InlineData("WAL")]
    public void IsUnchanged_UntilSomebodyWrites(string mode)
    {
        var path = Path.Join(_directory.Path, "written");
        using var writer = new SqliteWriter(path);
        writer.Run($"PRAGMA journal_mode = {mode}; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t(a); INSERT INTO t VALUES (1);");
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite);
        var tables = SqliteTables.Open(file, Budget);
        using var log = mode == "WAL" ? File.OpenHandle(path + tables.OverlaySuffix, share: FileShare.ReadWrite) : null;
        if (log is not null)
            tables.LayOver(log);

        Assert.True(tables.IsUnchanged);
        writer.Run("INSERT INTO t VALUES (2);");
        Assert.False(tables.IsUnchanged);
    }

    /// <summary>A file of a directory that there may be none of, in lists that are said to be longer than they are.</summary>
    [Theory]
    [InlineData(0, "teller")]
    [InlineData(1, null)]
    [InlineData(-1, null)]
    [InlineData(int.MaxValue, null)]
    public void Rpm_DirectoryOfAnyNumber_IsFoundOrNot(int directory, string? package)
    {
        byte[] header =
        [
            .. Numbers(4, 0, 1000, 6, 0, 1, 1116, 4, 8, int.MaxValue, 1117, 8, 12, int.MaxValue, 1118, 8, 17, 1),
            .. "teller\0\0"u8, .. Numbers(directory), .. "tell\0"u8, .. "/usr/bin/\0"u8,
        ];
        var schema = Page([Record("table", "Packages", "Packages", 2L, ""), Record("table", "Basenames", "Basenames", 3L, "")]);
        using var file = Open([schema, Page([Record(null, header)]), Page([Record("tell", 1L, 0L)])]);

        Assert.Equal(package, RpmDatabase.Find(file, ["/usr/bin/tell"], Budget));
    }

    private void With(byte[][] pages, Action<SqliteTables> use)
    {
        using var file = Open(pages);
        use(SqliteTables.Open(file, Budget));
    }

    private Microsoft.Win32.SafeHandles.SafeFileHandle Open(byte[][] pages)
    {
        var database = pages.SelectMany(page => page).ToArray();
        "SQLite format 3\0"u8.CopyTo(database);
        BinaryPrimitives.WriteInt16BigEndian(database.AsSpan(16), PageSize);
        var path = Path.Join(_directory.Path, "db");
        File.WriteAllBytes(path, database);
        return File.OpenHandle(path);
    }

    /// <summary>A leaf of rows from number 1 on. Its head stands where the first page's does and, for the others, where theirs does.</summary>
    private static byte[] Page(byte[][] records)
    {
        var page = new byte[PageSize];
        var end = PageSize;
        foreach (var head in (int[])[0, 100])
        {
            page[head] = 0x0d;
            BinaryPrimitives.WriteInt16BigEndian(page.AsSpan(head + 3), (short)records.Length);
        }

        for (var i = 0; i < records.Length; i++)
        {
            byte[] cell = [.. Varint(records[i].Length), (byte)(i + 1), .. records[i]];
            end -= cell.Length;
            cell.CopyTo(page, end);
            foreach (var head in (int[])[0, 100])
                BinaryPrimitives.WriteInt16BigEndian(page.AsSpan(head + 8 + 2 * i), (short)end);
        }

        return page;
    }

    private static byte[] Record(params object?[] values)
    {
        var (types, body) = (new List<byte>(), new List<byte>());
        foreach (var value in values)
        {
            var bytes = value switch { string text => Encoding.UTF8.GetBytes(text), byte[] blob => blob, long number => Number(number), _ => [] };
            types.AddRange(Varint(value switch { null => 0, long => 6, string => 13 + 2 * bytes.Length, _ => 12 + 2 * bytes.Length }));
            body.AddRange(bytes);
        }

        return [(byte)(types.Count + 1), .. types, .. body];
    }

    private static byte[] Number(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Numbers(params int[] numbers) => [.. numbers.SelectMany(number => Number(number)[4..])];

    private static byte[] Varint(int number) => number < 0x80 ? [(byte)number] : [(byte)(0x80 | number >> 7), (byte)(number & 0x7f)];
}

using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Insight.Databases;

/// <summary>
/// As much of SQLite's file format (https://www.sqlite.org/fileformat2.html) as it takes to walk tables and to fetch a row by its
/// number: no indexes, no writing. The file is foreign: whatever is in it, reading ends and costs no more than it may. It takes no locks: after
/// reading, <see cref="IsUnchanged"/> tells whether a writer was in between.
/// </summary>
internal sealed class SqliteTables
{
    private const int HeaderLength = 100;
    private const uint Schema = 1;
    private const byte Interior = 0x05, Leaf = 0x0d, Logged = 2;
    private const int ChangesAt = 24, ChangesLength = 4;

    private readonly SafeFileHandle _file;
    private readonly int _pageSize;
    private readonly int _usable;
    private readonly int _budget;
    private readonly bool _isLogged;
    private readonly byte[] _changes;
    private SqliteOverlay? _overlay;
    private int _pagesLeft;

    /// <summary>Bytes of rows in their own pages. Rows that lie over each other, or a page that is led to again and again, cost no page more.</summary>
    private int _bytesLeft;

    private SqliteTables(SafeFileHandle file, int pageSize, ReadOnlySpan<byte> header, int budget)
    {
        (_file, _pageSize, _usable, _budget, _pagesLeft, _bytesLeft) = (file, pageSize, pageSize - header[20], budget, budget / pageSize, budget);
        (_isLogged, _changes) = (header[19] == Logged, header.Slice(ChangesAt, ChangesLength).ToArray());
    }

    /// <summary>What is done with a row.</summary>
    /// <returns>Whether to go on.</returns>
    public delegate bool RowVisitor(long number, ReadOnlySpan<byte> record);

    /// <summary>Looks at the file's header.</summary>
    /// <param name="file">Stays the caller's.</param>
    /// <param name="budget">How many bytes are read at the most.</param>
    /// <exception cref="InvalidDataException">It is no database.</exception>
    public static SqliteTables Open(SafeFileHandle file, int budget)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        if (RandomAccess.Read(file, header, 0) != header.Length || !header.StartsWith("SQLite format 3\0"u8))
            throw new InvalidDataException("no SQLite database");
        int size = BinaryPrimitives.ReadUInt16BigEndian(header[16..]);
        size = size == 1 ? 65536 : size;
        return size >= 512 && (size & (size - 1)) == 0 && size - header[20] >= 480
            ? new SqliteTables(file, size, header, budget)
            : throw new InvalidDataException("pages of no size");
    }

    /// <summary>What the name of the file ends in that lies beside the database, and has pages that hold instead of its own.</summary>
    public string OverlaySuffix => _isLogged ? "-wal" : "-journal";

    /// <summary>Whether no writer has changed anything since this was opened. One that has checkpointed a log that was not there yet is not seen.</summary>
    public bool IsUnchanged
    {
        get
        {
            Span<byte> changes = stackalloc byte[ChangesLength];
            return RandomAccess.Read(_file, changes, ChangesAt) == changes.Length && changes.SequenceEqual(_changes) && _overlay is not { IsUnchanged: false };
        }
    }

    /// <summary>Reads the file beside the database.</summary>
    /// <param name="beside">The file of <see cref="OverlaySuffix"/>; stays the caller's, and open as long as the database.</param>
    /// <exception cref="InvalidDataException">It is longer than the budget.</exception>
    public void LayOver(SafeFileHandle beside) =>
        _overlay = _isLogged ? SqliteOverlay.Log(beside, _pageSize, _budget) : SqliteOverlay.Journal(beside, _pageSize, _budget);

    /// <summary>The first page of a table; 0 where there is no such table.</summary>
    public uint Root(string table)
    {
        var root = 0u;
        Walk(Schema, (_, record) =>
        {
            // type, name, tbl_name, rootpage, sql
            var row = new SqliteRecord(record);
            var isTable = row.NextBytes().SequenceEqual("table"u8);
            var name = Encoding.UTF8.GetString(row.NextBytes());
            row.NextBytes();
            root = isTable && name == table ? (uint)row.NextNumber() : 0;
            return root == 0;
        });
        return root;
    }

    /// <summary>Every row of a table, in order.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or too large.</exception>
    public void Walk(uint root, RowVisitor visit)
    {
        var waiting = new Stack<uint>([root]);
        while (waiting.TryPop(out var number))
        {
            var (page, head) = Read(number);
            var count = Number16(page, head + 3);
            if (page[head] == Interior)
            {
                waiting.Push(RightMost(page, head));
                for (var i = count - 1; i >= 0; i--)
                    waiting.Push(Number32(page, Cell(page, head, i)));
                // Pages of children that are all alike would fill the memory long before they are read.
                if (waiting.Count > _pagesLeft)
                    throw new InvalidDataException("more pages than may be read");
            }
            else
            {
                for (var i = 0; i < count; i++)
                {
                    var at = Cell(page, head, i);
                    var length = Varint(page, ref at);
                    if (!visit(Varint(page, ref at), Payload(page, at, length)))
                        return;
                }
            }
        }
    }

    /// <summary>One row; null where there is none of that number.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or too large.</exception>
    public byte[]? Find(uint root, long number)
    {
        while (true)
        {
            var (page, head) = Read(root);
            var count = Number16(page, head + 3);
            var isLeaf = page[head] == Leaf;
            root = isLeaf ? 0 : RightMost(page, head);
            for (var i = 0; i < count; i++)
            {
                var at = Cell(page, head, i);
                var first = isLeaf ? Varint(page, ref at) : Number32(page, at);
                at += isLeaf ? 0 : 4;
                var key = Varint(page, ref at);
                if (isLeaf && key == number)
                    return Payload(page, at, first);
                if (isLeaf || key < number)
                    continue;
                root = (uint)first;
                break;
            }

            if (isLeaf)
                return null;
        }
    }

    private (byte[] Page, int Head) Read(uint number)
    {
        var page = ReadPage(number);
        // The first page begins with the file's header.
        var head = number == Schema ? HeaderLength : 0;
        return page[head] is Interior or Leaf ? (page, head) : throw new InvalidDataException("no page of a table");
    }

    private byte[] ReadPage(uint number)
    {
        if (number == 0 || _pagesLeft-- <= 0)
            throw new InvalidDataException("damaged, or too large");
        var page = new byte[_pageSize];
        var isWhole = _overlay?.TryRead(number, page) == true || RandomAccess.Read(_file, page, (number - 1L) * _pageSize) == page.Length;
        return isWhole ? page : throw new InvalidDataException("cut off");
    }

    private static uint RightMost(byte[] page, int head) => Number32(page, head + 8);

    /// <summary>Where a cell begins: an array of such places follows the page's header.</summary>
    private static int Cell(byte[] page, int head, int index) => Number16(page, head + (page[head] == Interior ? 12 : 8) + 2 * index);

    /// <summary>A row's bytes, the first of them in its page and the others in a chain of overflow pages (1.6 of the format).</summary>
    private byte[] Payload(byte[] page, int at, long length)
    {
        var most = _usable - 35;
        var least = (_usable - 12) * 32 / 255 - 23;
        if (length < 0 || length > (long)_pagesLeft * _pageSize + most)
            throw new InvalidDataException("a row that is too long");
        var local = length <= most ? (int)length : (int)(least + (length - least) % (_usable - 4));
        local = length > most && local > most ? least : local;
        if ((_bytesLeft -= local) < 0)
            throw new InvalidDataException("rows over each other");
        var payload = new byte[length];
        Slice(page, at, local).CopyTo(payload);
        var next = local < length ? Number32(page, at + local) : 0;
        for (var done = local; done < length;)
        {
            var overflow = ReadPage(next);
            var part = Math.Min(payload.Length - done, _usable - 4);
            overflow.AsSpan(4, part).CopyTo(payload.AsSpan(done));
            done += part;
            next = Number32(overflow, 0);
        }

        return payload;
    }

    private static int Number16(byte[] page, int at) => BinaryPrimitives.ReadUInt16BigEndian(Slice(page, at, 2));

    private static uint Number32(byte[] page, int at) => BinaryPrimitives.ReadUInt32BigEndian(Slice(page, at, 4));

    private static long Varint(byte[] page, ref int at)
    {
        var number = SqliteRecord.Varint(Slice(page, at, Math.Min(9, page.Length - at)), out var used);
        at += used;
        return number;
    }

    private static ReadOnlySpan<byte> Slice(byte[] page, int at, int length) =>
        at >= 0 && length >= 0 && at <= page.Length - length ? page.AsSpan(at, length) : throw new InvalidDataException("a cell outside of its page");
}

/// <summary>The values of a row, one after the other (2.1 of the format).</summary>
internal ref struct SqliteRecord
{
    private readonly ReadOnlySpan<byte> _record;
    private int _type;
    private int _value;

    public SqliteRecord(ReadOnlySpan<byte> record)
    {
        _record = record;
        var header = Varint(record, out _type);
        _value = header >= _type && header <= record.Length ? (int)header : throw new InvalidDataException("a row without its header");
    }

    /// <summary>A text or bytes; empty for anything else.</summary>
    public ReadOnlySpan<byte> NextBytes()
    {
        var value = Next(out var type);
        return type >= 12 ? value : default;
    }

    /// <summary>A whole number; 0 for anything else.</summary>
    public long NextNumber()
    {
        var value = Next(out var type);
        if (type is 8 or 9)
            return type - 8;
        if (type is < 1 or > 6)
            return 0;
        long number = (sbyte)value[0];
        foreach (var digit in value[1..])
            number = number << 8 | digit;
        return number;
    }

    /// <summary>Up to nine bytes, seven bits each, the ninth whole.</summary>
    public static long Varint(ReadOnlySpan<byte> bytes, out int used)
    {
        var number = 0L;
        for (used = 0; used < bytes.Length; used++)
        {
            if (used == 8)
                return number << 8 | bytes[used++];
            number = number << 7 | (byte)(bytes[used] & 0x7f);
            if (bytes[used] < 0x80)
            {
                used++;
                return number;
            }
        }

        throw new InvalidDataException("a number that does not end");
    }

    private ReadOnlySpan<byte> Next(out long type)
    {
        type = Varint(_record[Math.Min(_type, _record.Length)..], out var used);
        _type += used;
        var length = type switch { >= 12 => (type - 12) / 2, 5 => 6, 6 or 7 => 8, >= 8 => 0, >= 0 => type, _ => -1 };
        if (length < 0 || length > _record.Length - _value)
            throw new InvalidDataException("a value outside of its row");
        var value = _record.Slice(_value, (int)length);
        _value += (int)length;
        return value;
    }
}

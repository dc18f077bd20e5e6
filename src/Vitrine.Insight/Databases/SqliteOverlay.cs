using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Insight.Databases;

/// <summary>
/// Pages of an SQLite database that hold instead of those in its file: of the write-ahead log, those of every transaction that was
/// committed (https://www.sqlite.org/fileformat2.html, 4); of a rollback journal, those from before a transaction that is under way or
/// was broken off (3). What is cut off or damaged ends them, as it does for SQLite.
/// </summary>
internal sealed class SqliteOverlay
{
    private const int LogHeader = 32, FrameHeader = 24;
    private const uint LittleEndianLog = 0x377f0682, BigEndianLog = 0x377f0683, LogVersion = 3007000;
    private const int JournalHeader = 28;
    private const ulong JournalMagic = 0xd9d505f920a163d7;

    private readonly SafeFileHandle _file;
    private readonly int _pageSize;
    private readonly bool _isLog;
    private readonly Dictionary<uint, long> _places = [];

    /// <summary>What is read again to see whether a writer was there: the log's header, and the first frame that did not count.</summary>
    private byte[] _start = [], _next = [];
    private long _nextAt;

    private SqliteOverlay(SafeFileHandle file, int pageSize, bool isLog) => (_file, _pageSize, _isLog) = (file, pageSize, isLog);

    /// <summary>Reads the write-ahead log DATABASE-wal.</summary>
    /// <param name="file">Stays the caller's, and open while pages are read.</param>
    /// <param name="pageSize">The database's, in bytes.</param>
    /// <param name="budget">How many bytes are read at the most.</param>
    /// <exception cref="InvalidDataException">It is too long.</exception>
    public static SqliteOverlay Log(SafeFileHandle file, int pageSize, int budget)
    {
        var overlay = new SqliteOverlay(file, pageSize, isLog: true);
        overlay.ReadLog(budget);
        return overlay;
    }

    /// <summary>Reads the rollback journal DATABASE-journal, with the same parameters as <see cref="Log"/>.</summary>
    /// <exception cref="InvalidDataException">It is too long.</exception>
    public static SqliteOverlay Journal(SafeFileHandle file, int pageSize, int budget)
    {
        var overlay = new SqliteOverlay(file, pageSize, isLog: false);
        overlay.ReadJournal(budget);
        return overlay;
    }

    /// <summary>Whether no writer has added to the log, or begun it anew, since it was read. What a journal has holds on.</summary>
    public bool IsUnchanged => !_isLog || (Bytes(0, LogHeader).AsSpan().SequenceEqual(_start) && Bytes(_nextAt, FrameHeader).AsSpan().SequenceEqual(_next));

    /// <summary>Reads a page; false where the database's own holds.</summary>
    public bool TryRead(uint number, Span<byte> page) =>
        _places.TryGetValue(number, out var at) && (RandomAccess.Read(_file, page, at) == page.Length ? true : throw new InvalidDataException("cut off"));

    private void ReadLog(int budget)
    {
        _start = Bytes(0, LogHeader);
        _nextAt = LogHeader;
        _next = Bytes(_nextAt, FrameHeader);
        if (_start.Length < LogHeader || Number(_start, 4) != LogVersion || Number(_start, 8) != _pageSize)
            return;
        var isBig = Number(_start, 0) is BigEndianLog;
        var sums = Sum(_start.AsSpan(0, FrameHeader), isBig, default);
        if ((!isBig && Number(_start, 0) != LittleEndianLog) || sums != (Number(_start, 24), Number(_start, 28)))
            return;
        var pending = new Dictionary<uint, long>();
        var page = new byte[_pageSize];
        for (; _next.Length == FrameHeader; _nextAt += FrameHeader + _pageSize, _next = Bytes(_nextAt, FrameHeader))
        {
            if (!_next.AsSpan(8, 8).SequenceEqual(_start.AsSpan(16, 8)) || RandomAccess.Read(_file, page, _nextAt + FrameHeader) != page.Length)
                return;
            if ((budget -= FrameHeader + _pageSize) < 0)
                throw new InvalidDataException("a log that is too long");
            sums = Sum(page, isBig, Sum(_next.AsSpan(0, 8), isBig, sums));
            if (sums != (Number(_next, 16), Number(_next, 20)))
                return;
            pending[Number(_next, 0)] = _nextAt + FrameHeader;
            if (Number(_next, 4) == 0)
                continue;
            // The last frame of a transaction tells how long the database is with it.
            foreach (var (number, at) in pending)
                _places[number] = at;
            pending.Clear();
        }
    }

    private void ReadJournal(int budget)
    {
        var record = new byte[4 + _pageSize + 4];
        var head = Bytes(0, JournalHeader);
        // A header and its records for each time that a transaction outgrew the writer's memory. A page is there once, as it was before.
        for (var at = 0L; IsJournal(head, out var sector); head = Bytes(at, JournalHeader))
        {
            var (count, nonce) = (Number(head, 8), Number(head, 12));
            for (at += sector; count > 0 && RandomAccess.Read(_file, record, at) == record.Length; count--, at += record.Length)
            {
                if ((budget -= record.Length) < 0)
                    throw new InvalidDataException("a journal that is too long");
                var sum = nonce;
                for (var i = _pageSize - 200; i > 0; i -= 200)
                    sum += record[4 + i];
                if (sum != Number(record, 4 + _pageSize))
                    return;
                _places.TryAdd(Number(record, 0), at + 4);
            }

            if ((budget -= sector) < 0)
                throw new InvalidDataException("a journal that is too long");
            at = (at + sector - 1) / sector * sector;
        }
    }

    private bool IsJournal(byte[] head, out int sector)
    {
        sector = head.Length < JournalHeader ? 0 : (int)Number(head, 20);
        return sector is >= 32 and <= 65536 && BinaryPrimitives.ReadUInt64BigEndian(head) == JournalMagic && Number(head, 24) == _pageSize;
    }

    /// <summary>The log's checksum goes on from frame to frame: two sums of 32-bit words, each of which takes in the other.</summary>
    private static (uint, uint) Sum(ReadOnlySpan<byte> bytes, bool isBig, (uint First, uint Second) sums)
    {
        var (first, second) = sums;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            first += (isBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes)) + second;
            second += (isBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..])) + first;
        }

        return (first, second);
    }

    private byte[] Bytes(long at, int length)
    {
        var bytes = new byte[length];
        return bytes[..RandomAccess.Read(_file, bytes, at)];
    }

    private static uint Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}

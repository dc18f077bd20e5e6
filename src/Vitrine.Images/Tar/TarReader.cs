using System.Buffers;

namespace Vitrine.Images.Tar;

/// <summary>
/// Reads tar archives of all kinds that container tools write, forward only: ustar, GNU (long names, base-256 numbers, sparse
/// files) and pax (extended headers, extended attributes, sparse files). Global pax headers are skipped, as Go's archive/tar
/// does, so that an image holds the same files here as in every other engine.
/// </summary>
/// <remarks>
/// Memory is bounded whatever the archive says: extended headers and sparse maps to 1 MiB each. Names are not judged here;
/// who writes them to a file system must expect "..", absolute names and repetitions.
/// </remarks>
public sealed class TarReader(TarInput input)
{
    private const int MaxMetadata = 1024 * 1024;

    private readonly byte[] _block = new byte[TarHeader.BlockSize];
    private readonly ArrayBufferWriter<byte> _longPath = new();
    private readonly ArrayBufferWriter<byte> _longLink = new();
    private readonly ArrayBufferWriter<byte> _pax = new();
    private readonly ArrayBufferWriter<byte> _mapText = new();
    private readonly SparseMap _sparse = new();
    private long _stored;
    private int _padding;
    private long _fileOffset;
    private int _unread;

    /// <summary>The entry that <see cref="MoveNext"/> came to; the same object each time.</summary>
    public TarEntry Entry { get; } = new();

    /// <summary>How many bytes of the archive are behind the reader.</summary>
    public long Position { get; private set; }

    /// <summary>Goes to the next entry, over what is left of this one's data. False at the end of the archive.</summary>
    /// <exception cref="TarException">The archive is malformed or ends too soon.</exception>
    public bool MoveNext()
    {
        SkipData();
        Entry.Clear();
        _sparse.Clear();
        _longPath.ResetWrittenCount();
        _longLink.ResetWrittenCount();
        _pax.ResetWrittenCount();
        while (ReadHeader())
        {
            var header = new TarHeader(_block);
            switch (header.TypeFlag)
            {
                case (byte)'x':
                    ReadMetadata(_pax, header);
                    break;
                case (byte)'L':
                    ReadMetadata(_longPath, header);
                    break;
                case (byte)'K':
                    ReadMetadata(_longLink, header);
                    break;
                case (byte)'g':
                    StartData(SizeOf(header));
                    SkipData();
                    break;
                default:
                    ReadEntry(header);
                    return true;
            }
        }

        return _longPath.WrittenCount + _longLink.WrittenCount + _pax.WrittenCount == 0
            ? false
            : throw Malformed("an extended header without its entry");
    }

    /// <summary>
    /// The next piece of the entry's content, valid until the next call. Pieces come in order; between them, in sparse files,
    /// are holes that read as zeros.
    /// </summary>
    /// <param name="data">At least one byte.</param>
    /// <param name="offset">Where in the file it belongs.</param>
    /// <returns>False when there is no more.</returns>
    public bool ReadData(out ReadOnlySpan<byte> data, out long offset)
    {
        Release();
        offset = _fileOffset;
        data = default;
        if (_stored == 0)
            return false;
        var limit = _stored;
        if (_sparse.IsPresent)
            offset = _sparse.Locate(_fileOffset, ref limit);
        data = Next(limit);
        _unread = data.Length;
        _stored -= data.Length;
        _fileOffset += data.Length;
        return true;
    }

    private void SkipData()
    {
        while (ReadData(out _, out _))
        {
        }

        for (; _padding > 0; _padding -= _unread, Release())
            _unread = Next(_padding).Length;
    }

    private void StartData(long stored)
    {
        _stored = stored;
        _padding = (int)(-stored & (TarHeader.BlockSize - 1));
        _fileOffset = 0;
    }

    /// <summary>Reads the next block; false at the end, which is two zero blocks or no more bytes.</summary>
    private bool ReadHeader()
    {
        if (input.Peek().IsEmpty)
            return false;
        ReadBlock();
        var header = new TarHeader(_block);
        if (header.IsZero)
        {
            if (input.Peek().IsEmpty)
                return false;
            ReadBlock();
            return header.IsZero ? false : throw Malformed("a zero block between entries");
        }

        return header.HasValidChecksum ? true : throw Malformed("wrong header checksum");
    }

    private void ReadBlock()
    {
        for (var filled = 0; filled < _block.Length; Release())
        {
            var piece = Next(_block.Length - filled);
            piece.CopyTo(_block.AsSpan(filled));
            filled += _unread = piece.Length;
        }
    }

    private void ReadMetadata(ArrayBufferWriter<byte> field, TarHeader header)
    {
        var size = SizeOf(header);
        if (size > MaxMetadata)
            throw Malformed($"an extended header of {size} bytes");
        field.ResetWrittenCount();
        StartData(size);
        while (ReadData(out var data, out _))
            field.Write(data);
        SkipData();
    }

    private void ReadEntry(TarHeader header)
    {
        FillFromHeader(header);
        var stored = SizeOf(header);
        if (_pax.WrittenCount > 0)
            new PaxApplier(Entry, _sparse).Apply(_pax.WrittenSpan, ref stored, this);
        if (_longPath.WrittenCount > 0)
            Entry.Path = UntilNul(_longPath.WrittenSpan);
        if (_longLink.WrittenCount > 0)
            Entry.LinkPath = UntilNul(_longLink.WrittenSpan);
        if (Entry.Path.IsEmpty)
            throw Malformed("an entry without a name");
        StartContent(header, stored);
    }

    private void FillFromHeader(TarHeader header)
    {
        var valid = header.TryMode(out var mode) & header.TryModified(out var modified)
            & header.TryUid(out var uid) & header.TryGid(out var gid);
        if (!valid || !IsId(uid) || !IsId(gid))
            throw Malformed("a header field that is no number in its range");
        Entry.Type = TypeOf(header.TypeFlag);
        Entry.Permissions = (uint)mode & 0xFFF;
        Entry.Uid = (uint)uid;
        Entry.Gid = (uint)gid;
        Entry.Modified = new(modified, 0);
        Entry.LinkPath = header.LinkName;
        Entry.Path = header.Prefix.IsEmpty ? header.Name : [.. header.Prefix, (byte)'/', .. header.Name];
        if (Entry.Type is TarType.CharacterDevice or TarType.BlockDevice)
            Entry.Device = header.TryDevice(out var device) ? device : throw Malformed("a device number out of range");
    }

    private void StartContent(TarHeader header, long stored)
    {
        if (Entry.Type == TarType.Regular && Entry.Path[^1] == '/')
            Entry.Type = TarType.Directory;
        if (Entry.Type is not TarType.Regular && IsKnown(Entry.Type))
        {
            // Only files have content; the size of others means nothing (POSIX: "If the typeflag field is ... the size field
            // shall be ignored"), and Go, whose reading decides what an image holds, never skips data for them.
            StartData(0);
            return;
        }

        StartData(stored);
        Entry.Size = stored;
        if (header.TypeFlag == 'S')
            ReadGnuMap(header);
        else if (_sparse.TextFollows)
            ReadMapText();
        if (!_sparse.IsPresent)
            return;
        if (!_sparse.IsValid(_stored))
            throw Malformed("a sparse map that does not fit its file");
        Entry.Size = _sparse.RealSize;
    }

    /// <summary>GNU format 'S': four pieces in the header, then blocks of 21 while each says that another follows.</summary>
    private void ReadGnuMap(TarHeader header)
    {
        const int InHeader = 386, PiecesInHeader = 4, PiecesInBlock = 21;
        if (!header.TryNumber(483, 12, out var realSize))
            throw Malformed("a sparse file without its size");
        _sparse.Start(realSize);
        var more = _sparse.AddGnu(header, InHeader, PiecesInHeader) && _block[482] != 0;
        while (more)
        {
            ReadBlock();
            more = _sparse.AddGnu(new TarHeader(_block), 0, PiecesInBlock) && _block[504] != 0;
            if (_sparse.Count * 24 > MaxMetadata)
                throw Malformed("a sparse map over its limit");
        }
    }

    /// <summary>pax sparse format 1.0: the map is text before the content, padded to a block.</summary>
    private void ReadMapText()
    {
        _mapText.ResetWrittenCount();
        long lines = 0;
        do
        {
            if (_stored < TarHeader.BlockSize || _mapText.WrittenCount >= MaxMetadata)
                throw Malformed("a sparse map without its end");
            ReadBlock();
            _stored -= TarHeader.BlockSize;
            _mapText.Write(_block);
            lines += _block.AsSpan().Count((byte)'\n');
        }
        while (lines < SparseMap.LinesOfText(_mapText.WrittenSpan));
        if (!_sparse.TryParseText(_mapText.WrittenSpan))
            throw Malformed("a sparse map that is no list of numbers");
    }

    private long SizeOf(TarHeader header) =>
        header.TrySize(out var size) && size is >= 0 and <= long.MaxValue - TarHeader.BlockSize
            ? size
            : throw Malformed("a size that is no number in its range");

    private ReadOnlySpan<byte> Next(long limit)
    {
        var piece = input.Peek();
        if (piece.IsEmpty)
            throw Malformed("unexpected end");
        return piece.Length > limit ? piece[..(int)limit] : piece;
    }

    private void Release()
    {
        input.Advance(_unread);
        Position += _unread;
        _unread = 0;
    }

    internal TarException Malformed(string reason) => new(reason, Position);

    /// <summary>Whether a number is a user or group id; the last of 32 bits means "unchanged" to chown(2).</summary>
    internal static bool IsId(long value) => value is >= 0 and < uint.MaxValue;

    private static bool IsKnown(TarType type) => type is >= TarType.Regular and <= TarType.Fifo;

    private static TarType TypeOf(byte flag) => flag switch
    {
        0 or (byte)'7' or (byte)'S' => TarType.Regular,
        _ => (TarType)flag,
    };

    private static ReadOnlySpan<byte> UntilNul(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)0);
        return end < 0 ? text : text[..end];
    }
}

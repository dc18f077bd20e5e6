using System.Buffers.Text;

namespace Vitrine.Images.Tar;

/// <summary>
/// Where the stored pieces of a sparse file belong. Filled from one of four encodings: GNU 'S' headers, or the pax keys
/// GNU.sparse.* of versions 0.0 (a pair of records for each piece), 0.1 (one record) and 1.0 (text before the content).
/// </summary>
internal sealed class SparseMap
{
    private const int MaxPieces = 128 * 1024;

    private readonly List<(long Offset, long Length)> _pieces = [];
    private long _pendingOffset = -1;
    private int _current;
    private long _behind;

    /// <summary>Whether the entry is sparse at all.</summary>
    public bool IsPresent { get; private set; }

    /// <summary>Whether the map is still to be read from the start of the content (version 1.0).</summary>
    public bool TextFollows { get; private set; }

    /// <summary>Whether the map gave the file's name, which wins over the placeholder that is archived as its path.</summary>
    public bool HasName { get; set; }

    /// <summary>Length of the file with its holes, in bytes.</summary>
    public long RealSize { get; private set; }

    public int Count => _pieces.Count;

    public void Clear()
    {
        _pieces.Clear();
        _pendingOffset = -1;
        _current = 0;
        _behind = 0;
        IsPresent = TextFollows = HasName = false;
        RealSize = 0;
    }

    public void Start(long realSize)
    {
        IsPresent = true;
        RealSize = realSize;
    }

    /// <summary>Reads pairs of 12-byte numbers; false when the list ended before them.</summary>
    public bool AddGnu(TarHeader block, int start, int count)
    {
        for (var i = 0; i < count; i++, start += 24)
        {
            if (!block.TryNumber(start, 12, out var offset) | !block.TryNumber(start + 12, 12, out var length))
                offset = -1;
            if (offset == 0 && length == 0)
                return false;
            _pieces.Add((offset, length));
        }

        return true;
    }

    /// <summary>Takes one pax record, whose key is without "GNU.sparse.".</summary>
    public bool TryApply(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("map"u8))
            return TryParseList(value);
        if (!PaxRecords.TryNumber(value, out var number) || number < 0)
            return false;
        if (key.SequenceEqual("size"u8) || key.SequenceEqual("realsize"u8))
            Start(number);
        else if (key.SequenceEqual("major"u8))
            TextFollows = number == 1;
        else if (key.SequenceEqual("offset"u8))
            _pendingOffset = number;
        else if (key.SequenceEqual("numbytes"u8))
            return TryAddPending(number);
        return true;
    }

    /// <summary>How many lines the text of version 1.0 has, by its first line; 1 before that is complete, 0 if it is no number.</summary>
    public static long LinesOfText(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'\n'))
            return 1;
        return TryTakeLine(ref text, out var count) && count <= MaxPieces ? 1 + (2 * count) : 0;
    }

    /// <summary>Reads the text of version 1.0; false if it is not such a text.</summary>
    public bool TryParseText(ReadOnlySpan<byte> text)
    {
        _pieces.Clear();
        if (!TryTakeLine(ref text, out var count) || count > MaxPieces)
            return false;
        for (; count > 0; count--)
        {
            if (!TryTakeLine(ref text, out var offset) || !TryTakeLine(ref text, out var length))
                return false;
            _pieces.Add((offset, length));
        }

        return true;
    }

    /// <summary>Whether the pieces rise without overlap within the file and their sum is what the archive stores.</summary>
    public bool IsValid(long stored)
    {
        long end = 0, sum = 0;
        foreach (var (offset, length) in _pieces)
        {
            if (offset < end || length < 0 || length > RealSize - offset)
                return false;
            end = offset + length;
            sum += length;
        }

        return sum == stored && RealSize >= end && _pendingOffset < 0;
    }

    /// <summary>Where the stored byte <paramref name="position"/> belongs; cuts <paramref name="limit"/> at the end of its piece.</summary>
    public long Locate(long position, ref long limit)
    {
        while (position - _behind >= _pieces[_current].Length)
            _behind += _pieces[_current++].Length;
        var (offset, length) = _pieces[_current];
        var inPiece = position - _behind;
        limit = Math.Min(limit, length - inPiece);
        return offset + inPiece;
    }

    private bool TryAddPending(long length)
    {
        if (_pendingOffset < 0 || _pieces.Count == MaxPieces)
            return false;
        _pieces.Add((_pendingOffset, length));
        _pendingOffset = -1;
        return true;
    }

    private bool TryParseList(ReadOnlySpan<byte> text)
    {
        _pieces.Clear();
        foreach (var range in text.Split((byte)','))
        {
            if (!PaxRecords.TryNumber(text[range], out var number) || number < 0)
                return false;
            if (_pendingOffset < 0)
                _pendingOffset = number;
            else if (!TryAddPending(number))
                return false;
        }

        return _pendingOffset < 0;
    }

    private static bool TryTakeLine(ref ReadOnlySpan<byte> text, out long number)
    {
        var valid = Utf8Parser.TryParse(text, out number, out var used) && number >= 0 && used < text.Length && text[used] == '\n';
        text = valid ? text[(used + 1)..] : text;
        return valid;
    }
}

namespace Vitrine.ShimProtocol.Logs;

/// <summary>The beginning of a line whose newline has not come yet, at most one entry long.</summary>
internal sealed class Pending
{
    private byte[] _bytes = [];

    public int Count { get; private set; }

    public bool IsFull => Count == LogWriter.MaxEntryBytes;

    /// <summary>How much of a full buffer makes an entry: all, or less where the end is inside a UTF-8 character.</summary>
    public int EntryLength
    {
        get
        {
            for (var back = 1; back <= 3; back++)
            {
                var value = _bytes[Count - back];
                if ((value & 0xC0) == 0x80)
                    continue;
                var length = value switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 1 };
                return length > back ? Count - back : Count;
            }
            return Count;
        }
    }

    /// <summary>Takes as much as fits and returns the rest.</summary>
    public ReadOnlySpan<byte> Add(ReadOnlySpan<byte> part)
    {
        var count = Math.Min(part.Length, LogWriter.MaxEntryBytes - Count);
        if (Count + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Min(LogWriter.MaxEntryBytes, Math.Max(256, (Count + count) * 2)));
        part[..count].CopyTo(_bytes.AsSpan(Count));
        Count += count;
        return part[count..];
    }

    public ReadOnlySpan<byte> Take(int count) => _bytes.AsSpan(0, count);

    public void Drop(int count)
    {
        _bytes.AsSpan(count, Count - count).CopyTo(_bytes);
        Count -= count;
    }

    public void Clear() => Count = 0;
}

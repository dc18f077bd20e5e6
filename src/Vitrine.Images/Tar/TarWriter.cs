using System.Buffers;
using System.Text;
using Vitrine.Linux;

namespace Vitrine.Images.Tar;

/// <summary>
/// Writes a tar archive forward only: ustar where an entry fits it, with a pax extended header for what does not (long names,
/// large numbers, fractions of seconds, extended attributes). The same entries give the same bytes.
/// </summary>
public sealed class TarWriter(Stream output)
{
    private readonly byte[] _block = new byte[TarHeader.BlockSize];
    private readonly ArrayBufferWriter<byte> _pax = new();
    private long _left;
    private int _padding;

    /// <summary>Starts an entry. A regular file's <see cref="TarEntry.Size"/> bytes must follow by <see cref="WriteData"/>.</summary>
    /// <exception cref="InvalidOperationException">The content of the entry before is not complete.</exception>
    public void WriteEntry(TarEntry entry)
    {
        FinishEntry();
        _pax.ResetWrittenCount();
        var header = new TarHeaderWriter(_block);
        Fill(header, entry);
        if (_pax.WrittenCount > 0)
            WritePaxHeader(entry);

        // The pax header used the same block.
        _left = entry.Type == TarType.Regular ? entry.Size : 0;
        _padding = (int)(-_left & (TarHeader.BlockSize - 1));
        if (_pax.WrittenCount > 0)
            Fill(header, entry);
        header.SetChecksum();
        output.Write(_block);
    }

    /// <summary>Writes the next piece of the entry's content.</summary>
    /// <exception cref="InvalidOperationException">It is more than the entry's size.</exception>
    public void WriteData(ReadOnlySpan<byte> data)
    {
        if (data.Length > _left)
            throw new InvalidOperationException("More content than the size of the tar entry.");
        output.Write(data);
        _left -= data.Length;
    }

    /// <summary>Ends the archive with two zero blocks. The stream stays open.</summary>
    public void Finish()
    {
        FinishEntry();
        Array.Clear(_block);
        output.Write(_block);
        output.Write(_block);
        output.Flush();
    }

    private void FinishEntry()
    {
        if (_left > 0)
            throw new InvalidOperationException("Less content than the size of the tar entry.");
        Array.Clear(_block);
        output.Write(_block, 0, _padding);
        _padding = 0;
    }

    /// <summary>Fills the ustar header, and adds to the pax records what it cannot hold.</summary>
    private void Fill(TarHeaderWriter header, TarEntry entry)
    {
        _pax.ResetWrittenCount();
        header.Start((byte)entry.Type);
        if (!header.TrySetPath(entry.Path))
            AddRecord("path"u8, entry.Path);
        if (!header.TrySetLinkPath(entry.LinkPath))
            AddRecord("linkpath"u8, entry.LinkPath);
        if (!header.TrySetNumbers(entry.Permissions, entry.Device))
            throw new VitrineException(ErrorKind.Invalid, $"device number of '{CString.Display(entry.Path)}' is too large for a tar archive");
        if (!header.TrySetUid(entry.Uid))
            AddRecord("uid"u8, Encoding.ASCII.GetBytes($"{entry.Uid}"));
        if (!header.TrySetGid(entry.Gid))
            AddRecord("gid"u8, Encoding.ASCII.GetBytes($"{entry.Gid}"));
        if (!header.TrySetSize(entry.Type == TarType.Regular ? entry.Size : 0))
            AddRecord("size"u8, Encoding.ASCII.GetBytes($"{entry.Size}"));
        if (!header.TrySetModified(entry.Modified.Seconds) || entry.Modified.Nanoseconds != 0)
            AddRecord("mtime"u8, Encoding.ASCII.GetBytes(Decimal(entry.Modified)));
        for (var i = 0; i < entry.XattrCount; i++)
            AddRecord([.. "SCHILY.xattr."u8, .. entry.XattrName(i)], entry.XattrValue(i));
    }

    private void WritePaxHeader(TarEntry entry)
    {
        var name = Encoding.ASCII.GetBytes("PaxHeaders.0/entry");
        var header = new TarHeaderWriter(_block);
        header.Start((byte)'x');
        header.TrySetPath(name);
        header.TrySetNumbers(0b110_100_100, default);
        header.TrySetUid(0);
        header.TrySetGid(0);
        header.TrySetSize(_pax.WrittenCount);
        header.TrySetModified(Math.Clamp(entry.Modified.Seconds, 0, uint.MaxValue));
        header.SetChecksum();
        output.Write(_block);
        output.Write(_pax.WrittenSpan);
        Array.Clear(_block);
        output.Write(_block, 0, -_pax.WrittenCount & (TarHeader.BlockSize - 1));
    }

    private void AddRecord(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        // The length counts its own digits.
        var rest = key.Length + value.Length + " =\n".Length;
        var length = rest + 1;
        while (length != rest + Digits(length))
            length = rest + Digits(length);
        _pax.Write(Encoding.ASCII.GetBytes($"{length} "));
        _pax.Write(key);
        _pax.Write("="u8);
        _pax.Write(value);
        _pax.Write("\n"u8);
    }

    private static int Digits(int number) => number.ToString().Length;

    private static string Decimal(FileTime time)
    {
        if (time.Nanoseconds == 0)
            return $"{time.Seconds}";
        if (time.Seconds >= 0)
            return $"{time.Seconds}.{time.Nanoseconds:D9}".TrimEnd('0');

        // Before the epoch the text counts down from the second above.
        return $"-{-(time.Seconds + 1)}.{1_000_000_000 - time.Nanoseconds:D9}".TrimEnd('0');
    }
}

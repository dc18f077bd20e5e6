using Vitrine.Linux;

namespace Vitrine.Images.Tar;

/// <summary>The fields of one 512-byte tar header block, read in place (ustar: POSIX.1-1988; GNU and star variants).</summary>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    public const int BlockSize = 512;

    private readonly ReadOnlySpan<byte> _block = block;

    public ReadOnlySpan<byte> Name => Text(0, 100);

    public ReadOnlySpan<byte> LinkName => Text(157, 100);

    public byte TypeFlag => _block[156];

    /// <summary>What comes before the name and a slash; GNU archives keep other things in that place.</summary>
    public ReadOnlySpan<byte> Prefix
    {
        get
        {
            if (!_block.Slice(257, 6).SequenceEqual("ustar\0"u8))
                return default;
            var isStar = _block.Slice(508, 4).SequenceEqual("tar\0"u8);
            return Text(345, isStar ? 131 : 155);
        }
    }

    public bool IsZero => !_block.ContainsAnyExcept((byte)0);

    /// <summary>
    /// Whether the checksum field is the sum of all bytes with itself as spaces. Some old archivers summed signed bytes.
    /// </summary>
    public bool HasValidChecksum
    {
        get
        {
            if (!TryNumber(148, 8, out var expected))
                return false;
            long unsigned = 8 * ' ', signed = 8 * ' ';
            for (var i = 0; i < BlockSize; i++)
            {
                if (i is >= 148 and < 156)
                    continue;
                unsigned += _block[i];
                signed += (sbyte)_block[i];
            }

            return expected == unsigned || expected == signed;
        }
    }

    public bool TryMode(out long value) => TryNumber(100, 8, out value);

    public bool TryUid(out long value) => TryNumber(108, 8, out value);

    public bool TryGid(out long value) => TryNumber(116, 8, out value);

    public bool TrySize(out long value) => TryNumber(124, 12, out value);

    public bool TryModified(out long value) => TryNumber(136, 12, out value);

    public bool TryDevice(out DeviceNumber device)
    {
        var valid = TryNumber(329, 8, out var major) & TryNumber(337, 8, out var minor);
        device = new((uint)major, (uint)minor);
        return valid && major is >= 0 and <= uint.MaxValue && minor is >= 0 and <= uint.MaxValue;
    }

    /// <summary>
    /// A number: octal digits between spaces and NULs, or, with the first bit set, a big-endian two's complement of all other
    /// bits (the GNU base-256 extension).
    /// </summary>
    public bool TryNumber(int offset, int length, out long value)
    {
        var field = _block.Slice(offset, length);
        return (field[0] & 0x80) != 0 ? TryBinary(field, out value) : TryOctal(field, out value);
    }

    private static bool TryOctal(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        field = field.Trim(" \0"u8);
        foreach (var digit in field)
        {
            // A NUL ends the number, whatever garbage an old archiver left behind it.
            if (digit == 0)
                break;
            if (digit is < (byte)'0' or > (byte)'7')
                return false;
            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }

    private static bool TryBinary(ReadOnlySpan<byte> field, out long value)
    {
        // Bit 6 of the first byte is the sign.
        var isNegative = (field[0] & 0x40) != 0;
        value = isNegative ? -1 : 0;
        for (var i = 0; i < field.Length; i++)
        {
            var digit = i == 0 ? (byte)(isNegative ? field[0] | 0x80 : field[0] & 0x7f) : field[i];
            if (value is < -(1L << 55) or >= 1L << 55)
                return false;
            value = (value << 8) | digit;
        }

        return true;
    }

    private ReadOnlySpan<byte> Text(int offset, int length)
    {
        var field = _block.Slice(offset, length);
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }
}

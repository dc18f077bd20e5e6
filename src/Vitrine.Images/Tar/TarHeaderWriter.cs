using System.Text;
using Vitrine.Linux;

namespace Vitrine.Images.Tar;

/// <summary>Fills a ustar header block. What does not fit a field leaves it zero and gives false.</summary>
internal readonly ref struct TarHeaderWriter(Span<byte> block)
{
    private readonly Span<byte> _block = block;

    public void Start(byte typeFlag)
    {
        _block.Clear();
        _block[156] = typeFlag;
        "ustar\000"u8.CopyTo(_block[257..]);
    }

    /// <summary>The name field, or, for a longer name, split at a slash into prefix and name.</summary>
    public bool TrySetPath(ReadOnlySpan<byte> path)
    {
        const int NameLength = 100, PrefixLength = 155;
        if (path.Length <= NameLength)
            return TryCopy(path, 0, NameLength);

        // A slash at the end is part of the name; the name must not be empty.
        var head = path[..Math.Min(path.Length - 1, PrefixLength + 1)];
        var slash = head.LastIndexOf((byte)'/');
        if (slash <= 0 || path.Length - slash - 1 > NameLength)
        {
            // Readers without pax see the beginning of the name.
            path[..NameLength].CopyTo(_block);
            return false;
        }

        return TryCopy(path[..slash], 345, PrefixLength) & TryCopy(path[(slash + 1)..], 0, NameLength);
    }

    public bool TrySetLinkPath(ReadOnlySpan<byte> path) => TryCopy(path, 157, 100);

    public bool TrySetNumbers(uint permissions, DeviceNumber device) =>
        TryOctal(permissions, 100, 8) & TryOctal(device.Major, 329, 8) & TryOctal(device.Minor, 337, 8);

    public bool TrySetUid(uint uid) => TryOctal(uid, 108, 8);

    public bool TrySetGid(uint gid) => TryOctal(gid, 116, 8);

    public bool TrySetSize(long size) => TryOctal(size, 124, 12);

    public bool TrySetModified(long seconds) => TryOctal(seconds, 136, 12);

    /// <summary>Sums all bytes with the field as spaces; six digits, NUL, space, as every archiver writes it.</summary>
    public void SetChecksum()
    {
        _block.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var octet in _block)
            sum += octet;
        TryOctal(sum, 148, 7);
    }

    private bool TryCopy(ReadOnlySpan<byte> text, int offset, int length)
    {
        if (text.Length > length || text.Contains((byte)0))
            return false;
        text.CopyTo(_block[offset..]);
        return true;
    }

    private bool TryOctal(long value, int offset, int length)
    {
        var field = _block.Slice(offset, length - 1);
        if (value < 0 || value >> (3 * field.Length) != 0)
        {
            field.Fill((byte)'0');
            return false;
        }

        Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(field.Length, '0'), field);
        _block[offset + length - 1] = 0;
        return true;
    }
}

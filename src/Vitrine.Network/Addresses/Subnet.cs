using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Vitrine.Network;

/// <summary>A block of addresses of one family.</summary>
/// <param name="Base">Its first address, as a number.</param>
/// <param name="Prefix">How many leading bits its addresses share.</param>
/// <param name="IsIpv6">Its family.</param>
public readonly record struct Subnet(UInt128 Base, int Prefix, bool IsIpv6)
{
    /// <summary>How many bits an address has.</summary>
    public int Width => IsIpv6 ? 128 : 32;

    /// <summary>How many addresses it has; the greatest number for all of IPv6.</summary>
    public UInt128 Size => Prefix == 0 && IsIpv6 ? UInt128.MaxValue : UInt128.One << (Width - Prefix);

    /// <summary>Its last address; of IPv4 the one for broadcasts.</summary>
    public UInt128 Last => Base + (Size - 1);

    public static Subnet Of(IPAddress address, int prefix)
    {
        var isV6 = address.AddressFamily is AddressFamily.InterNetworkV6;
        var width = isV6 ? 128 : 32;
        var mask = prefix == 0 ? UInt128.Zero : UInt128.MaxValue << (width - prefix);
        return new Subnet(Number(address) & mask, prefix, isV6);
    }

    /// <summary>Reads ADDRESS/PREFIX.</summary>
    /// <param name="text">The text.</param>
    /// <param name="subnet">The block.</param>
    /// <param name="address">The address as it was written, whose last bits need not be zero.</param>
    public static bool TryParse(string text, out Subnet subnet, out IPAddress address)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        (subnet, address) = (default, IPAddress.Any);
        if (slash < 0 || !IPAddress.TryParse(text.AsSpan(0, slash), out var parsed)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            || prefix > (parsed.AddressFamily is AddressFamily.InterNetwork ? 32 : 128))
            return false;
        // 10.1/16 is short for 10.0.0.1/16 to .NET, and a mistake to everybody else.
        if (parsed.AddressFamily is AddressFamily.InterNetwork && text.AsSpan(0, slash).Count('.') != 3)
            return false;
        (subnet, address) = (Of(parsed, prefix), parsed);
        return true;
    }

    public static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static IPAddress Address(UInt128 number, bool isIpv6)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(isIpv6 ? bytes : bytes[12..]);
    }

    public IPAddress Address(UInt128 number) => Address(number, IsIpv6);

    public bool Contains(UInt128 number) => number >= Base && number <= Last;

    public bool Contains(IPAddress address) => (address.AddressFamily is AddressFamily.InterNetworkV6) == IsIpv6 && Contains(Number(address));

    public bool Contains(Subnet other) => IsIpv6 == other.IsIpv6 && other.Prefix >= Prefix && Contains(other.Base);

    public bool Overlaps(Subnet other) => Contains(other) || other.Contains(this);

    public override string ToString() => $"{Address(Base)}/{Prefix}";
}

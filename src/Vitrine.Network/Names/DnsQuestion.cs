using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Vitrine.Network;

/// <summary>The question of a DNS message (RFC 1035, section 4).</summary>
/// <param name="Name">In lower case, without the dot at its end.</param>
/// <param name="Type">A is 1, PTR 12, AAAA 28, ANY 255.</param>
/// <param name="End">Where the question ends in the message.</param>
public sealed record DnsQuestion(string Name, ushort Type, int End)
{
    public const ushort A = 1;
    public const ushort Pointer = 12;
    public const ushort Aaaa = 28;
    public const ushort Any = 255;

    private const int HeaderSize = 12;
    private const int LongestName = 255;
    private const int LongestLabel = 63;
    private const ushort Internet = 1;

    /// <summary>Reads a query with one question of class IN; null for everything else, which nobody sends.</summary>
    public static DnsQuestion? Read(ReadOnlySpan<byte> message)
    {
        // QR and opcode must be 0: a standard query.
        if (message.Length < HeaderSize || (message[2] & 0xf8) != 0 || BinaryPrimitives.ReadUInt16BigEndian(message[4..]) != 1)
            return null;
        var at = HeaderSize;
        if (ReadName(message, ref at) is not { } name || message.Length < at + 4 || BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]) != Internet)
            return null;
        return new DnsQuestion(name, BinaryPrimitives.ReadUInt16BigEndian(message[at..]), at + 4);
    }

    /// <summary>The address that a reverse name stands for (in-addr.arpa, ip6.arpa); null for any other name.</summary>
    public IPAddress? Reversed()
    {
        const string V4 = ".in-addr.arpa";
        const string V6 = ".ip6.arpa";
        if (Name.EndsWith(V4, StringComparison.Ordinal))
        {
            var parts = Name[..^V4.Length].Split('.');
            Array.Reverse(parts);
            return parts.Length == 4 && IPAddress.TryParse(string.Join('.', parts), out var address) ? address : null;
        }
        if (!Name.EndsWith(V6, StringComparison.Ordinal) || Name.Length - V6.Length != 63)
            return null;
        Span<char> digits = stackalloc char[32];
        for (var i = 0; i < 32; i++)
        {
            digits[31 - i] = Name[i * 2];
            if (!char.IsAsciiHexDigit(Name[i * 2]) || Name[i * 2 + 1] != '.')
                return null;
        }
        return new IPAddress(Convert.FromHexString(digits));
    }

    /// <summary>Labels up to the root; a question has nothing to point back to, so that pointers are refused.</summary>
    private static string? ReadName(ReadOnlySpan<byte> message, ref int at)
    {
        var name = new StringBuilder();
        while (at < message.Length)
        {
            int length = message[at++];
            if (length == 0)
                return name.ToString();
            if (length > LongestLabel || at + length > message.Length || name.Length + length + 1 > LongestName)
                return null;
            if (name.Length > 0)
                name.Append('.');
            foreach (var c in message.Slice(at, length))
                name.Append(char.ToLowerInvariant((char)c));
            at += length;
        }
        return null;
    }
}

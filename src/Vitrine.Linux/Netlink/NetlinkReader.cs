using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Vitrine.Linux.Netlink;

/// <summary>Reads the messages of a datagram. What is cut short or claims an impossible length ends the reading.</summary>
public ref struct NetlinkReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public ushort Type { get; private set; }

    public uint Sequence { get; private set; }

    /// <summary>What follows the message's header.</summary>
    public ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary>Moves to the next message; false at the end.</summary>
    public bool Next()
    {
        if (_rest.Length < NetlinkWriter.HeaderSize)
            return false;
        var length = MemoryMarshal.Read<uint>(_rest);
        if (length < NetlinkWriter.HeaderSize || length > _rest.Length)
            return false;
        Type = MemoryMarshal.Read<ushort>(_rest[4..]);
        Sequence = MemoryMarshal.Read<uint>(_rest[8..]);
        Payload = _rest[NetlinkWriter.HeaderSize..(int)length];
        _rest = _rest[Math.Min(_rest.Length, ((int)length + 3) & ~3)..];
        return true;
    }
}

/// <summary>Reads attributes; also those inside of one.</summary>
public ref struct AttributeReader(ReadOnlySpan<byte> bytes)
{
    private const int TypeMask = 0x3fff;

    private ReadOnlySpan<byte> _rest = bytes;

    public int Type { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>The value as a number in the machine's byte order; 0 where it is shorter.</summary>
    public readonly int Int => Value.Length >= 4 ? MemoryMarshal.Read<int>(Value) : 0;

    public readonly int BigInt => Value.Length >= 4 ? BinaryPrimitives.ReadInt32BigEndian(Value) : 0;

    /// <summary>The value as a 16-bit number in network byte order; 0 where it is shorter.</summary>
    public readonly ushort BigShort => Value.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(Value) : (ushort)0;

    public readonly string Text => Encoding.UTF8.GetString(Value.TrimEnd((byte)0));

    /// <summary>Moves to the next attribute; false at the end.</summary>
    public bool Next()
    {
        if (_rest.Length < 4)
            return false;
        var length = MemoryMarshal.Read<ushort>(_rest);
        if (length < 4 || length > _rest.Length)
            return false;
        Type = MemoryMarshal.Read<ushort>(_rest[2..]) & TypeMask;
        Value = _rest[4..length];
        _rest = _rest[Math.Min(_rest.Length, (length + 3) & ~3)..];
        return true;
    }

    /// <summary>The value of the first attribute of a type; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, int type)
    {
        var reader = new AttributeReader(attributes);
        while (reader.Next())
        {
            if (reader.Type == type)
                return reader.Value;
        }
        return [];
    }
}

using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Vitrine.Linux.Netlink;

/// <summary>Flags of a netlink request (netlink(7)).</summary>
[Flags]
public enum NetlinkFlags : ushort
{
    Request = 1,
    Multi = 2,
    Acknowledge = 4,

    /// <summary>NLM_F_ROOT | NLM_F_MATCH: all there is.</summary>
    Dump = 0x300,
    Exclusive = 0x200,
    Create = 0x400,
    Append = 0x800,
}

/// <summary>Writes netlink messages with their attributes into a buffer, aligned as netlink(7) and rtnetlink(7) want them.</summary>
/// <exception cref="InvalidOperationException">From every method: the buffer is full.</exception>
public ref struct NetlinkWriter(Span<byte> buffer)
{
    internal const int HeaderSize = 16;
    private const ushort Nested = 0x8000;

    private readonly Span<byte> _buffer = buffer;
    private int _start;
    private int _length;

    /// <summary>The messages written so far, back to back.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    /// <summary>Begins a message; to be ended before the next.</summary>
    public void Begin(ushort type, NetlinkFlags flags, uint sequence)
    {
        _start = _length;
        var header = Room(HeaderSize);
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], (ushort)(flags | NetlinkFlags.Request));
        MemoryMarshal.Write(header[8..], sequence);
    }

    /// <summary>Ends a message: writes its length.</summary>
    public readonly void End() => MemoryMarshal.Write(_buffer[_start..], (uint)(_length - _start));

    /// <summary>Appends a structure as it is in memory, padded.</summary>
    public void Put<T>(in T value)
        where T : unmanaged => MemoryMarshal.Write(Room(Unsafe.SizeOf<T>()), value);

    public void Add(int type, scoped ReadOnlySpan<byte> value)
    {
        var room = Room(4 + value.Length);
        MemoryMarshal.Write(room, (ushort)(4 + value.Length));
        MemoryMarshal.Write(room[2..], (ushort)type);
        value.CopyTo(room[4..]);
    }

    public void Add(int type) => Add(type, []);

    public void Add(int type, byte value)
    {
        ReadOnlySpan<byte> bytes = [value];
        Add(type, bytes);
    }

    public void Add(int type, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        MemoryMarshal.Write(bytes, value);
        Add(type, bytes);
    }

    /// <summary>A number in network byte order, as netfilter has them all.</summary>
    public void AddBig(int type, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        Add(type, bytes);
    }

    /// <summary>Text with the NUL that ends it.</summary>
    public void Add(int type, string text)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(text.Length) + 1];
        var length = Encoding.UTF8.GetBytes(text, bytes);
        bytes[length] = 0;
        Add(type, bytes[..(length + 1)]);
    }

    /// <summary>Begins an attribute made of attributes; ended by <see cref="Close"/>.</summary>
    public int Open(int type)
    {
        var at = _length;
        MemoryMarshal.Write(Room(4)[2..], (ushort)(type | Nested));
        return at;
    }

    public readonly void Close(int nest) => MemoryMarshal.Write(_buffer[nest..], (ushort)(_length - nest));

    private Span<byte> Room(int count)
    {
        var padded = (count + 3) & ~3;
        if (_buffer.Length - _length < padded)
            throw new InvalidOperationException("a netlink message is longer than its buffer");
        var room = _buffer.Slice(_length, padded);
        room.Clear();
        _length += padded;
        return room;
    }
}

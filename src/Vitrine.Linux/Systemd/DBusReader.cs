using System.Buffers.Binary;
using System.Text;

namespace Vitrine.Linux.Systemd;

/// <summary>Unmarshals a message's parts; whatever is not as the specification says is an <see cref="InvalidDataException"/>.</summary>
internal ref struct DBusReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    public readonly int Position => _position;

    public void Align(int size) => Take((size - _position % size) % size);

    public byte Byte() => Take(1)[0];

    public uint UInt32()
    {
        Align(4);
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
    }

    public string Text()
    {
        var length = UInt32();
        var text = Encoding.UTF8.GetString(Take(Bounded(length)));
        Take(1);
        return text;
    }

    public string Signature()
    {
        var length = Byte();
        var text = Encoding.ASCII.GetString(Take(length));
        Take(1);
        return text;
    }

    /// <summary>A variant of a text, an object path, a signature or a number; null for another type, after which nothing can be read.</summary>
    public string? Variant() => Signature() switch
    {
        "s" or "o" => Text(),
        "g" => Signature(),
        "u" => UInt32().ToString(),
        _ => null,
    };

    private readonly int Bounded(uint length) =>
        length <= _bytes.Length ? (int)length : throw new InvalidDataException("D-Bus: a length beyond the message's end");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _position)
            throw new InvalidDataException("D-Bus: the message ends too early");
        var taken = _bytes.Slice(_position, count);
        _position += count;
        return taken;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Vitrine.Linux.Systemd;

/// <summary>Marshals values as D-Bus does (D-Bus Specification, Marshaling): little-endian, each aligned to its size.</summary>
internal sealed class DBusWriter
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public void Align(int size)
    {
        while (_bytes.Count % size != 0)
            _bytes.Add(0);
    }

    public void Byte(byte value) => _bytes.Add(value);

    public void UInt32(uint value)
    {
        Align(4);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
    }

    public void UInt64(ulong value)
    {
        Align(8);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
    }

    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        UInt32((uint)bytes.Length);
        _bytes.AddRange(bytes);
        _bytes.Add(0);
    }

    public void Signature(string value)
    {
        _bytes.Add((byte)value.Length);
        _bytes.AddRange(Encoding.ASCII.GetBytes(value));
        _bytes.Add(0);
    }

    public void Raw(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    /// <summary>An array, whose length counts neither itself nor the padding before the first element.</summary>
    public void Array<T>(IReadOnlyList<T> items, int alignment, Action<T> each)
    {
        UInt32(0);
        var place = _bytes.Count - 4;
        Align(alignment);
        var start = _bytes.Count;
        foreach (var item in items)
        {
            Align(alignment);
            each(item);
        }

        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)(_bytes.Count - start));
        for (var i = 0; i < 4; i++)
            _bytes[place + i] = length[i];
    }

    /// <summary>A value with its signature: string, bool, ulong, uint, int, uint[], byte[] or pairs of strings.</summary>
    public void Variant(object value)
    {
        switch (value)
        {
            case string text: Signature("s"); Text(text); break;
            case bool flag: Signature("b"); UInt32(flag ? 1u : 0); break;
            case ulong number: Signature("t"); UInt64(number); break;
            case uint number: Signature("u"); UInt32(number); break;
            case int number: Signature("i"); UInt32((uint)number); break;
            case uint[] numbers: Signature("au"); Array(numbers, 4, UInt32); break;
            case byte[] bytes: Signature("ay"); Array(bytes, 1, Byte); break;
            case (string, string)[] pairs:
                Signature("a(ss)");
                Array(pairs, 8, pair =>
                {
                    Text(pair.Item1);
                    Text(pair.Item2);
                });
                break;
            default: throw new ArgumentException($"no D-Bus type for {value}", nameof(value));
        }
    }
}

using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Vitrine.ShimProtocol.Logs;

namespace Vitrine.ShimProtocol.Codec;

/// <summary>Writes one JSON object. Small for the reason <see cref="Vitrine.Oci.Runtime.Reading.JsonCursor"/> is.</summary>
internal ref struct JsonObjectWriter
{
    private byte[] _buffer = new byte[512];
    private int _length;

    public JsonObjectWriter()
        : this(default)
    {
    }

    /// <param name="before">What comes before the object.</param>
    public JsonObjectWriter(ReadOnlySpan<byte> before)
    {
        Put(before);
        Put("{"u8);
    }

    /// <summary>The finished text; nothing can be added after it.</summary>
    /// <param name="after">What comes behind the object.</param>
    public ReadOnlyMemory<byte> Finish(ReadOnlySpan<byte> after = default)
    {
        End();
        Put(after);
        return _buffer.AsMemory(0, _length);
    }

    /// <summary>Begins an object inside of this one, up to <see cref="End"/>.</summary>
    public void Begin(ReadOnlySpan<byte> name)
    {
        Name(name);
        Put("{"u8);
    }

    public void End() => Put("}"u8);

    /// <summary>Begins a list of objects, up to <see cref="EndList"/>.</summary>
    public void BeginList(ReadOnlySpan<byte> name)
    {
        Name(name);
        Put("["u8);
    }

    /// <summary>Begins the next object of a list, up to <see cref="End"/>.</summary>
    public void BeginItem()
    {
        Separate();
        Put("{"u8);
    }

    public void EndList() => Put("]"u8);

    /// <summary>Adds a field whose name is data.</summary>
    public void Add(string name, string value)
    {
        Separate();
        Text(name);
        Put(":"u8);
        Text(value);
    }

    public void Add(ReadOnlySpan<byte> name, string value)
    {
        Name(name);
        Text(value);
    }

    public void Add(ReadOnlySpan<byte> name, long value)
    {
        Name(name);
        var room = Room(20);
        Utf8Formatter.TryFormat(value, room, out var written);
        _length += written;
    }

    public void Add(ReadOnlySpan<byte> name, ulong value)
    {
        Name(name);
        var room = Room(20);
        Utf8Formatter.TryFormat(value, room, out var written);
        _length += written;
    }

    public void Add(ReadOnlySpan<byte> name, bool value)
    {
        Name(name);
        Put(value ? "true"u8 : "false"u8);
    }

    public void Add(ReadOnlySpan<byte> name, DateTimeOffset value) =>
        Add(name, value.ToString("O", CultureInfo.InvariantCulture));

    public void Add(ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        Name(name);
        Put("["u8);
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0)
                Put(","u8);
            Text(values[i]);
        }
        Put("]"u8);
    }

    private void Name(ReadOnlySpan<byte> name)
    {
        Separate();
        Put("\""u8);
        Put(name);
        Put("\":"u8);
    }

    private void Separate()
    {
        if (_buffer[_length - 1] is not ((byte)'{' or (byte)'['))
            Put(","u8);
    }

    private void Text(string value)
    {
        ReadOnlySpan<byte> text = Encoding.UTF8.GetBytes(value);
        Put("\""u8);
        while (!text.IsEmpty)
        {
            var room = Room(text.Length + LogText.MaxExpansion);
            _length += LogText.Escape(ref text, room);
        }
        Put("\""u8);
    }

    private void Put(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        _length += text.Length;
    }

    private Span<byte> Room(int count)
    {
        if (_buffer.Length - _length < count)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        return _buffer.AsSpan(_length);
    }
}

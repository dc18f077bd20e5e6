namespace Vitrine.Images.Tar;

/// <summary>Where the bytes of an archive come from, piece by piece, without copying them.</summary>
public abstract class TarInput
{
    /// <summary>The bytes that are next: at least one, or none at the end. Waits for them if need be.</summary>
    public abstract ReadOnlySpan<byte> Peek();

    /// <summary>Marks the first <paramref name="count"/> bytes of the last <see cref="Peek"/> as read.</summary>
    public abstract void Advance(int count);
}

/// <summary>An archive read from a stream, by blocking reads.</summary>
public sealed class StreamTarInput(Stream stream) : TarInput
{
    private readonly byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _end;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Peek()
    {
        if (_start == _end)
        {
            _start = 0;
            _end = stream.Read(_buffer);
        }

        return _buffer.AsSpan(_start.._end);
    }

    /// <inheritdoc/>
    public override void Advance(int count) => _start += count;
}

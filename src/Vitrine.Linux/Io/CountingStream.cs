namespace Vitrine.Linux;

/// <summary>Counts the bytes read from a stream that it does not own.</summary>
public sealed class CountingStream(Stream source) : ReadOnlyStream
{
    /// <summary>Bytes read so far.</summary>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = source.Read(buffer);
        Count += read;
        return read;
    }
}

namespace Vitrine.Images.Layers;

/// <summary>Counts the bytes read from a stream that it does not own.</summary>
internal sealed class CountingStream(Stream source) : Stream
{
    private long _count;

    /// <summary>Bytes read so far.</summary>
    public long Count => _count;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = source.Read(buffer);
        _count += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

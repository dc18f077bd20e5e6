using Vitrine.Images.Store;
using Vitrine.Linux;

namespace Vitrine.Images.Layers;

/// <summary>Keeps all that is read from a stream in a blob. Owns neither.</summary>
internal sealed class BlobTee(Stream source, BlobWriter blob) : ReadOnlyStream
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = source.Read(buffer);
        blob.Append(buffer[..read]);
        return read;
    }

    /// <summary>Reads what is left: a reader of compressed data may stop before the end.</summary>
    public void Drain()
    {
        var buffer = new byte[64 * 1024];
        while (Read(buffer) > 0)
        {
        }
    }
}

using System.IO.Compression;
using Vitrine.Linux;
using Vitrine.Oci;

namespace Vitrine.Images.Layers;

/// <summary>The compressions that layers and archives may have.</summary>
internal enum LayerCompression
{
    None,
    Gzip,
    Zstd,
}

/// <summary>How a stream is compressed, told from its first bytes: media types and file names are not believed.</summary>
internal static class LayerDecompression
{
    public const int MagicLength = 6;

    // Without it GZipStream takes the end of a cut stream for its end. Read once, when the first stream is made.
    static LayerDecompression() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    private static ReadOnlySpan<byte> Gzip => [0x1f, 0x8b, 0x08];

    private static ReadOnlySpan<byte> Xz => [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0];

    private static ReadOnlySpan<byte> ZstdFrame => [0x28, 0xb5, 0x2f, 0xfd];

    // 0x184D2A50 to 5F, little-endian, without its first byte: a frame without content may come first (RFC 8878, 3.1.2).
    private static ReadOnlySpan<byte> ZstdSkippable => [0x2a, 0x4d, 0x18];

    /// <summary>
    /// The uncompressed bytes of a gzip (any number of members), zstd or plain stream. Disposing the result leaves
    /// <paramref name="source"/> open.
    /// </summary>
    /// <exception cref="VitrineException">A compression that is known but not supported, or libzstd is missing.</exception>
    public static Stream Open(Stream source)
    {
        var magic = new byte[MagicLength];
        var length = source.ReadAtLeast(magic, MagicLength, throwOnEndOfStream: false);
        var whole = new PrefixedStream(magic.AsMemory(0, length), source);
        return Detect(magic.AsSpan(0, length)) switch
        {
            LayerCompression.Gzip => new GZipStream(whole, CompressionMode.Decompress),
            LayerCompression.Zstd => OpenZstd(whole),
            _ => whole,
        };
    }

    /// <summary>Tells the compression from the first bytes (at least <see cref="MagicLength"/>, or all there are).</summary>
    /// <exception cref="VitrineException">NotImplemented: one that is known but not supported.</exception>
    public static LayerCompression Detect(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith(Gzip))
            return LayerCompression.Gzip;
        if (start.StartsWith(ZstdFrame) || (start.Length >= 4 && (start[0] & 0xf0) == 0x50 && start[1..].StartsWith(ZstdSkippable)))
            return LayerCompression.Zstd;
        return start.StartsWith(Xz) || start.StartsWith("BZh"u8)
            ? throw new VitrineException(ErrorKind.NotImplemented, "xz and bzip2 compression are not supported: use gzip, zstd or none")
            : LayerCompression.None;
    }

    /// <summary>The media type of a layer with this compression.</summary>
    public static string MediaType(this LayerCompression compression) => compression switch
    {
        LayerCompression.Gzip => MediaTypes.OciLayerGzip,
        LayerCompression.Zstd => MediaTypes.OciLayerZstd,
        _ => MediaTypes.OciLayer,
    };

    private static ZstdStream OpenZstd(Stream source)
    {
        try
        {
            return new ZstdStream(source);
        }
        catch (DllNotFoundException missing)
        {
            throw new VitrineException(ErrorKind.Unavailable,
                "this layer is compressed with zstd, and libzstd.so.1 is not installed (Debian and Ubuntu: apt-get install libzstd1)", missing);
        }
    }
}

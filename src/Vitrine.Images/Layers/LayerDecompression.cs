using System.IO.Compression;
using Vitrine.Linux;

namespace Vitrine.Images.Layers;

/// <summary>How a stream is compressed, told from its first bytes: media types and file names are not believed.</summary>
internal static class LayerDecompression
{
    private const int MagicLength = 6;

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
        ReadOnlySpan<byte> start = magic.AsSpan(0, length);
        if (start.StartsWith(Gzip))
            return new GZipStream(whole, CompressionMode.Decompress);
        if (IsZstd(start))
            return OpenZstd(whole);
        return start.StartsWith(Xz) || start.StartsWith("BZh"u8)
            ? throw new VitrineException(ErrorKind.NotImplemented, "xz and bzip2 compression are not supported: use gzip, zstd or none")
            : whole;
    }

    private static bool IsZstd(ReadOnlySpan<byte> start) =>
        start.StartsWith(ZstdFrame) ||
        (start.Length >= 4 && (start[0] & 0xf0) == 0x50 && start[1..].StartsWith(ZstdSkippable));

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

using System.Runtime.InteropServices;

namespace Vitrine.Linux;

/// <summary>
/// Decompresses zstd frames (RFC 8878), one after the other, with the system's libzstd. Reading past a damaged or
/// incomplete frame throws <see cref="InvalidDataException"/>.
/// </summary>
public sealed unsafe partial class ZstdStream : ReadOnlyStream
{
    private const string Library = "libzstd.so.1";

    private readonly Stream _source;
    private readonly byte[] _input = new byte[128 * 1024];
    private nint _decoder;
    private int _start;
    private int _end;
    private bool _inFrame;
    private bool _hasMore;

    /// <summary>Reads frames from <paramref name="source"/>, which is disposed with this.</summary>
    /// <exception cref="DllNotFoundException">libzstd is not installed.</exception>
    public ZstdStream(Stream source)
    {
        _source = source;
        _decoder = CreateDStream();
        if (_decoder == 0)
            throw new IOException("zstd: no memory for a decoder");
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_decoder == 0, this);
        while (!buffer.IsEmpty)
        {
            // A full output may have left more in the decoder; only an empty one asks for input.
            if (_start == _end && !_hasMore)
            {
                _start = 0;
                _end = _source.Read(_input);
                if (_end == 0)
                    return _inFrame ? throw new InvalidDataException("zstd: unexpected end of the compressed data") : 0;
            }

            var produced = Decompress(buffer);
            if (produced > 0)
                return produced;
        }

        return 0;
    }

    private int Decompress(Span<byte> buffer)
    {
        fixed (byte* source = _input, target = buffer)
        {
            var input = new InBuffer { src = source + _start, size = (nuint)(_end - _start) };
            var output = new OutBuffer { dst = target, size = (nuint)buffer.Length };
            var hint = DecompressStream(_decoder, &output, &input);
            if (IsError(hint) != 0)
                throw new InvalidDataException($"zstd: {Marshal.PtrToStringUTF8(GetErrorName(hint))}");
            _start += (int)input.pos;
            _inFrame = hint != 0;
            _hasMore = output.pos == output.size;
            return (int)output.pos;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_decoder != 0)
            _ = FreeDStream(_decoder);
        _decoder = 0;
        if (disposing)
            _source.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>ZSTD_inBuffer of zstd.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct InBuffer
    {
        public byte* src;
        public nuint size;
        public nuint pos;
    }

    /// <summary>ZSTD_outBuffer of zstd.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct OutBuffer
    {
        public byte* dst;
        public nuint size;
        public nuint pos;
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_createDStream")]
    private static partial nint CreateDStream();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeDStream")]
    private static partial nuint FreeDStream(nint decoder);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressStream")]
    private static partial nuint DecompressStream(nint decoder, OutBuffer* output, InBuffer* input);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nuint code);

    [LibraryImport(Library, EntryPoint = "ZSTD_getErrorName")]
    private static partial nint GetErrorName(nuint code);
}

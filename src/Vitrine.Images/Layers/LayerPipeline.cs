using System.Security.Cryptography;
using Vitrine.Images.Tar;
using Vitrine.Linux;
using Vitrine.Oci;

namespace Vitrine.Images.Layers;

/// <summary>What unpacking a layer found out.</summary>
/// <param name="DiffId">Digest of the uncompressed archive.</param>
/// <param name="Size">Sum of the lengths of its files, in bytes.</param>
internal readonly record struct UnpackedLayer(Digest DiffId, long Size);

/// <summary>
/// Unpacks one layer on three threads: one decompresses into a ring of buffers, one hashes them, one writes the files straight
/// from them. Each byte is produced once and never copied.
/// </summary>
internal sealed class LayerPipeline(Stream compressed, LayerLimits limits, CancellationToken cancellation)
{
    private const int SlotSize = 256 * 1024;
    private const int Slots = 16;
    private const int HashReader = 0;
    private const int WriteReader = 1;

    private readonly BufferRing _ring = new(Slots, SlotSize, readers: 2);

    /// <summary>Runs the pipeline to its end or its first failure; then a thread may still wait for a byte of the stream.</summary>
    public async Task<UnpackedLayer> RunAsync(ILayerSink sink)
    {
        using var registration = cancellation.Register(() => _ring.Abort(new OperationCanceledException(cancellation)));
        var decompress = OnThread(() => { Decompress(); return true; });
        var hash = OnThread(Hash);
        var write = OnThread(() => Write(sink));
        await Task.WhenAll((Task)hash, write).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // The readers come to their end only after the decompression, unless something failed.
        await BlockingWork.EndOrLeaveAsync(decompress).ConfigureAwait(false);
        if (_ring.Failure is { } failure)
            throw Describe(failure);
        return new UnpackedLayer(await hash.ConfigureAwait(false), await write.ConfigureAwait(false));
    }

    private Task<T> OnThread<T>(Func<T> work) => BlockingWork.Start(() =>
    {
        try
        {
            return work();
        }
        catch (Exception error)
        {
            _ring.Abort(error);
            throw;
        }
    });

    private void Decompress()
    {
        using var counted = new CountingStream(compressed);
        using var plain = LayerDecompression.Open(counted);
        long total = 0;
        while (true)
        {
            var buffer = _ring.Rent();
            var length = plain.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (length == 0)
                break;
            total += length;
            limits.Check(counted.Count, total);
            _ring.Publish(length);
        }

        _ring.Complete();
    }

    private Digest Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var piece = _ring.Peek(HashReader); !piece.IsEmpty; piece = _ring.Peek(HashReader))
        {
            hash.AppendData(piece);
            _ring.Release(HashReader);
        }

        return Digest.FromHash(HashAlgorithmName.SHA256, hash.GetHashAndReset());
    }

    private long Write(ILayerSink sink)
    {
        var input = new RingTarInput(_ring, WriteReader);
        var extractor = new LayerExtractor(new TarReader(input), sink, limits);
        extractor.Run(cancellation);
        input.Drain();
        return extractor.Size;
    }

    private static Exception Describe(Exception failure) => failure is InvalidDataException
        ? new VitrineException(ErrorKind.Invalid, $"damaged layer: {failure.Message}", failure)
        : failure;
}

using Vitrine.Images.Layers;
using Vitrine.Images.Registry;
using Vitrine.Oci;

namespace Vitrine.Images.Pull;

/// <summary>
/// Brings one blob into the store and unpacks it as each layer it is, once and in one go: network, verified blob file, decompression
/// and files all at the same time.
/// </summary>
/// <param name="store">Where to.</param>
/// <param name="client">Where from.</param>
/// <param name="target">What.</param>
/// <param name="progress">Told of each step.</param>
internal sealed class LayerPull(ImageStore store, RegistryClient client, PulledBlob target, LayerProgress progress)
{
    private readonly Descriptor _blob = target.Blob;

    private bool HasBlob => store.Blobs.SizeOf(_blob.Digest) == _blob.Size;

    private IEnumerable<PulledLayer> Missing => target.Layers.Where(layer => !store.Layers.Contains(layer.ChainId));

    /// <summary>The layers that could not be unpacked, as they need files of others below them that were not there.</summary>
    public List<PulledLayer> Deferred { get; } = [];

    public bool IsComplete => HasBlob && !Missing.Any();

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (IsComplete)
            return;
        using (await store.Blobs.TakeTurnAsync(_blob.Digest, () => progress.Report("Waiting"), cancellation).ConfigureAwait(false))
        {
            if (!HasBlob)
                await DownloadAsync(Missing.FirstOrDefault(), cancellation).ConfigureAwait(false);
        }

        foreach (var layer in Missing.Except(Deferred))
            await ExtractAsync(layer, cancellation).ConfigureAwait(false);
        progress.Report(Deferred.Count == 0 ? "Pull complete" : "Waiting");
    }

    /// <summary>Unpacks a layer that was deferred, once those below it are there.</summary>
    public async Task FinishAsync(PulledLayer layer, CancellationToken cancellation)
    {
        progress.Report("Extracting");
        await store.UnpackAsync(_blob, layer, cancellation).ConfigureAwait(false);
        progress.Report("Pull complete");
    }

    private async Task ExtractAsync(PulledLayer layer, CancellationToken cancellation)
    {
        progress.Report("Extracting");
        try
        {
            await store.UnpackAsync(_blob, layer, cancellation).ConfigureAwait(false);
        }
        catch (LowerLayerAbsentException)
        {
            Deferred.Add(layer);
        }
    }

    private async Task DownloadAsync(PulledLayer? layer, CancellationToken cancellation)
    {
        using var pipe = new LayerPipe();
        if (layer is null)
            pipe.Dispose();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var unpack = layer is null ? Task.CompletedTask : UnpackAsync(pipe, layer, both);
        var download = TransferAsync(pipe, both.Token);
        await Task.WhenAll(download, unpack).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Whichever failed first has stopped the other; the download's failure is the story where both have one.
        cancellation.ThrowIfCancellationRequested();
        if (download.IsFaulted || !unpack.IsFaulted)
            await download.ConfigureAwait(false);
        await unpack.ConfigureAwait(false);
    }

    private async Task UnpackAsync(LayerPipe pipe, PulledLayer layer, CancellationTokenSource both)
    {
        try
        {
            await store.Layers.UnpackAsync(pipe, layer.DiffId, layer.Chain, both.Token).ConfigureAwait(false);
        }
        catch (LowerLayerAbsentException)
        {
            // The download goes on: the layer is unpacked from the blob.
            Deferred.Add(layer);
        }
        catch
        {
            await both.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            pipe.Dispose();
        }
    }

    private async Task TransferAsync(LayerPipe pipe, CancellationToken cancellation)
    {
        try
        {
            using var source = new BlobDownload(client, _blob);
            using var writer = store.Blobs.Create(_blob.Digest, _blob.Size);
            for (var count = -1; count != 0;)
            {
                var buffer = await pipe.RentAsync(cancellation).ConfigureAwait(false);
                count = await source.ReadAsync(buffer, cancellation).ConfigureAwait(false);
                writer.Append(buffer.Span[..count]);
                if (count == 0)
                    writer.Commit();
                pipe.Publish(count);
                progress.Report("Downloading", source.Position);
            }

            progress.Report("Download complete");
        }
        catch (Exception error)
        {
            pipe.Fail(error);
            throw;
        }
    }
}

/// <summary>A layer of an image that is pulled.</summary>
/// <param name="DiffId">The digest of its uncompressed archive.</param>
/// <param name="Chain">The chain ids from the lowest layer to this one.</param>
internal sealed record PulledLayer(Digest DiffId, IReadOnlyList<Digest> Chain)
{
    /// <summary>Its name on top of those below it.</summary>
    public Digest ChainId => Chain[^1];
}

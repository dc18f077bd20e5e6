using Vitrine.Images.Pull;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images;

/// <content>Pulling from a registry, and unpacking what is here already.</content>
public sealed partial class ImageStore
{
    /// <summary>Pulls an image from its registry. A pull that fails or is cancelled leaves nothing behind.</summary>
    /// <param name="name">What to pull; the tag <c>latest</c> where it has neither tag nor digest.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Ends the pull at any point.</param>
    /// <exception cref="VitrineException">NotFound, Denied, Unavailable, Invalid: one line, in docker's words where it has some.</exception>
    public Task<PullResult> PullAsync(ImageReference name, PullOptions? options = null, CancellationToken cancellation = default) =>
        new ImagePull(this, name.WithDefaultTag(), options ?? new PullOptions()).RunAsync(cancellation);

    /// <summary>
    /// Unpacks the layers of an image that are missing: of one that another tool has put into the layout, or after a power cut.
    /// </summary>
    /// <exception cref="VitrineException">NotFound: the blobs are missing too.</exception>
    public async Task EnsureUnpackedAsync(Image image, CancellationToken cancellation = default)
    {
        if (image.ChainIds.All(Layers.Contains))
            return;
        using var ingest = BeginIngest(cancellation);
        var document = ManifestParser.Parse(Blobs.ReadAll(image.Manifest.Digest, ManifestParser.MaxSize), image.Manifest.MediaType);
        var manifest = document as Manifest ?? throw new VitrineException(ErrorKind.Internal, $"{image.Manifest.Digest} is no image manifest");
        for (var i = 0; i < image.ChainIds.Count; i++)
        {
            if (!Layers.Contains(image.ChainIds[i]))
            {
                var layer = new PulledLayer(image.Config.RootFs.DiffIds[i], [.. image.ChainIds.Take(i + 1)]);
                await UnpackAsync(manifest.Layers[i], layer, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Unpacks a layer from its blob.</summary>
    internal async Task UnpackAsync(Descriptor blob, PulledLayer layer, CancellationToken cancellation)
    {
        var stream = Blobs.OpenRead(blob.Digest);
        await using (stream.ConfigureAwait(false))
            await Layers.UnpackAsync(stream, layer.DiffId, layer.Chain, cancellation).ConfigureAwait(false);
    }
}

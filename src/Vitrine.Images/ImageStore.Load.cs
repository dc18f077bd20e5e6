using System.Text.Json;
using Vitrine.Images.Archives;
using Vitrine.Images.Layers;
using Vitrine.Images.Pull;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images;

/// <summary>An image that came out of an archive.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Names">The names it was given; none if the archive had none for it.</param>
public sealed record LoadedImage(Digest Id, IReadOnlyList<ImageReference> Names);

/// <content>Images from archives that <c>docker save</c>, podman or skopeo have written.</content>
public sealed partial class ImageStore
{
    /// <summary>
    /// Loads the images of a docker archive or an OCI archive, plain or compressed, that may come from a pipe. Names that are taken
    /// lead to the loaded images from then on.
    /// </summary>
    /// <param name="archive">Read by blocking reads on a thread of its own; stays open.</param>
    /// <param name="progress">Told how much of each layer has arrived.</param>
    /// <param name="platforms">Only images for one of these; null or none loads all.</param>
    /// <param name="cancellation">Honoured between reads.</param>
    /// <exception cref="VitrineException">NotFound: no image is for these platforms. Invalid: not an image archive, damaged, or with parts that do not fit together.</exception>
    public async Task<IReadOnlyList<LoadedImage>> LoadAsync(Stream archive, IProgress<ImageProgress>? progress = null,
        IReadOnlyList<Platform>? platforms = null, CancellationToken cancellation = default)
    {
        using var ingest = BeginIngest(cancellation);
        var spool = new ArchiveSpool(Blobs, progress);
        await BlockingWork.RunAsync(() => spool.Read(archive, cancellation), cancellation).ConfigureAwait(false);
        var loaded = new List<LoadedImage>();
        foreach (var image in new ArchiveCatalog(spool).Read())
        {
            var config = ImageConfig.Parse(image.Config.ReadAll(MaxConfigSize));
            if (platforms is not { Count: > 0 } || (config.Platform is { } platform && platforms.Any(wanted => wanted.Accepts(platform))))
                loaded.Add(await LoadAsync(ingest, image, config, cancellation).ConfigureAwait(false));
        }

        return loaded.Count > 0 || platforms is not { Count: > 0 }
            ? loaded
            : throw new VitrineException(ErrorKind.NotFound, $"no image of the archive is for {string.Join(", ", platforms)}");
    }

    private async Task<LoadedImage> LoadAsync(ImageIngest ingest, ArchivedImage image, ImageConfig config, CancellationToken cancellation)
    {
        var diffIds = config.RootFs.DiffIds;
        if (diffIds.Count != image.Layers.Count)
            throw new VitrineException(ErrorKind.Invalid,
                $"invalid manifest, layers length mismatch: expected {diffIds.Count}, got {image.Layers.Count}");
        long size = 0;
        var layers = new List<Descriptor>();
        var chain = ChainId.Of(diffIds);
        for (var i = 0; i < chain.Count; i++)
        {
            var layer = image.Layers[i];
            layers.Add(layer.Store(layer.Compression().MediaType()));
            size += await UnpackAsync(layer, new PulledLayer(diffIds[i], [.. chain.Take(i + 1)]), cancellation).ConfigureAwait(false);
        }

        var manifest = new Manifest { MediaType = MediaTypes.OciManifest, Config = image.Config.Store(MediaTypes.OciConfig), Layers = layers };
        var bytes = image.Manifest ?? JsonSerializer.SerializeToUtf8Bytes(manifest, ImageJson.Default.Manifest);
        foreach (var name in image.Names.DefaultIfEmpty(null))
            ingest.Register(bytes, image.ManifestType, size, name);
        return new LoadedImage(image.Config.Digest, image.Names);
    }

    private async Task<long> UnpackAsync(SpooledFile file, PulledLayer layer, CancellationToken cancellation)
    {
        if (Layers.Contains(layer.ChainId))
            return Layers.Size(layer.ChainId);
        await using var content = file.OpenRead();
        return (await Layers.UnpackAsync(content, layer.DiffId, layer.Chain, cancellation).ConfigureAwait(false)).Size;
    }
}

using Vitrine.Images.Layers;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images.Store;

/// <summary>
/// Finds blobs that no name leads to and layers that neither an image nor a container stands on, and deletes them. The caller
/// holds both locks of the store exclusively, so that nothing new can come in or be picked up meanwhile.
/// </summary>
internal sealed class GarbageCollector(BlobStore blobs, LayerStore layers)
{
    private readonly HashSet<Digest> _blobs = [];
    private readonly HashSet<Digest> _layers = [];

    /// <summary>Deletes blobs at once; takes layers away, to be deleted once the locks are released.</summary>
    /// <returns>The layers that are gone.</returns>
    public IReadOnlyList<RemovedLayer> Collect(NameTable table, IReadOnlyList<ImageUse> uses)
    {
        foreach (var entry in table.Entries)
            Mark(entry.Manifest);
        foreach (var foreign in table.Foreign)
            Mark(foreign);
        foreach (var layer in uses.SelectMany(static use => use.Layers))
            _layers.Add(layer);

        foreach (var blob in blobs.List().Where(blob => !_blobs.Contains(blob)).ToList())
            blobs.Delete(blob);
        return layers.List().Where(layer => !_layers.Contains(layer)).ToList()
            .ConvertAll(layer => RemovedLayer.Take(layers, layer));
    }

    /// <summary>Marks a descriptor of index.json or of an index in it, and all it leads to as far as it is here.</summary>
    private void Mark(Descriptor descriptor)
    {
        if (descriptor?.Digest is not { } digest || !_blobs.Add(digest) || !blobs.Contains(digest))
            return;
        if (!MediaTypes.IsIndex(descriptor.MediaType) && !MediaTypes.IsManifest(descriptor.MediaType))
            return;
        switch (TryParse(descriptor))
        {
            case ImageIndex index:
                foreach (var manifest in index.Manifests)
                    Mark(manifest);
                break;
            case Manifest manifest:
                MarkImage(manifest);
                break;
            default:
                break;
        }
    }

    private void MarkImage(Manifest manifest)
    {
        foreach (var layer in manifest.Layers)
            _blobs.Add(layer.Digest);
        _blobs.Add(manifest.Config.Digest);
        if (!MediaTypes.IsConfig(manifest.Config.MediaType) || !blobs.Contains(manifest.Config.Digest))
            return;
        var config = ImageConfig.Parse(blobs.ReadAll(manifest.Config.Digest, ImageStore.MaxConfigSize));
        foreach (var chainId in ChainId.Of(config.RootFs.DiffIds))
            _layers.Add(chainId);
    }

    private ManifestDocument? TryParse(Descriptor descriptor)
    {
        try
        {
            return ManifestParser.Parse(blobs.ReadAll(descriptor.Digest, ManifestParser.MaxSize), descriptor.MediaType);
        }
        catch (VitrineException error) when (error.Kind == ErrorKind.Invalid)
        {
            return null;
        }
    }
}

using Vitrine.Linux;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images.Store;

/// <summary>
/// Finds blobs that no name leads to and layers that neither an image nor a container stands on, and deletes them. The caller
/// holds both locks of the store exclusively, so that nothing new can come in or be picked up meanwhile.
/// </summary>
internal sealed class GarbageCollector(StorePaths paths, BlobStore blobs)
{
    private readonly HashSet<Digest> _blobs = [];
    private readonly HashSet<string> _layers = new(StringComparer.Ordinal);

    /// <summary>Deletes blobs at once; moves layers aside, to be deleted by <see cref="EmptyTrash"/> once the locks are released.</summary>
    /// <returns>The chain ids of the layers that are gone.</returns>
    public IReadOnlyList<Digest> Collect(NameTable table, IReadOnlyList<ImageUse> uses)
    {
        foreach (var entry in table.Entries)
            Mark(entry.Manifest);
        foreach (var foreign in table.Foreign)
            Mark(foreign);
        foreach (var layer in uses.SelectMany(static use => use.Layers))
            _layers.Add(layer.Hex);

        foreach (var blob in blobs.List().Where(blob => !_blobs.Contains(blob)).ToList())
            blobs.Delete(blob);
        return MoveLayersAside();
    }

    /// <summary>Deletes the layers that a collection, of this process or of one that was killed, has moved aside.</summary>
    public static void EmptyTrash(StorePaths paths)
    {
        if (!Directory.Exists(paths.Trash))
            return;
        foreach (var directory in Directory.EnumerateDirectories(paths.Trash))
            FileTree.Delete(directory);
    }

    private List<Digest> MoveLayersAside()
    {
        var removed = new List<Digest>();
        if (!Directory.Exists(paths.Layers))
            return removed;
        foreach (var directory in Directory.EnumerateDirectories(paths.Layers))
        {
            var name = Path.GetFileName(directory);
            if (!Digest.TryParse("sha256:" + name, out var chainId) || _layers.Contains(name))
                continue;
            Directory.CreateDirectory(paths.Trash);
            Directory.Move(directory, AtomicFile.TemporaryName(Path.Combine(paths.Trash, name)));
            removed.Add(chainId);
        }

        return removed;
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
            _layers.Add(chainId.Hex);
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

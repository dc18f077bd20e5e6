using System.Text.Json;
using Vitrine.Oci;
using Vitrine.Oci.Image.Reading;

namespace Vitrine.Insight.Stores;

/// <summary>Images of Vitrine's store, by its plain files: an OCI layout and one directory for each unpacked layer.</summary>
/// <param name="dataRoot">The store: /var/lib/vitrine.</param>
public sealed class StoredImages(string dataRoot)
{
    private const string NameKey = "io.containerd.image.name";
    private const string IdKey = "io.vitrine.image.id";
    private const int ShortestId = 6;

    /// <summary>The directories of an image's layers, the topmost first.</summary>
    /// <param name="image">A name, or an image's id or the beginning of one.</param>
    /// <exception cref="VitrineException">NotFound: there is no such image, or not all of it is here; Invalid: no name of an image;
    /// Unavailable: only root may read the store.</exception>
    public IReadOnlyList<string> Layers(string image)
    {
        try
        {
            var id = Find(image) ?? throw new VitrineException(ErrorKind.NotFound, $"No such image: {image}: pull or build it first");
            var config = ImageReader.ReadConfig(File.ReadAllBytes(Path.Join(dataRoot, "images", "blobs", id.ToString().Replace(':', '/'))));
            var layers = ChainId.Of(config.RootFs?.DiffIds ?? []).Select(chain =>
                Path.Join(dataRoot, "layers", chain.ToString().Split(':')[1], "diff")).Reverse().ToList();
            return layers.Count > 0 && layers.TrueForAll(Directory.Exists)
                ? layers
                : throw new VitrineException(ErrorKind.NotFound, $"image {image} has no unpacked layers here: pull it again");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new VitrineException(ErrorKind.Unavailable, $"{dataRoot} may only be read by root: run as root", e);
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new VitrineException(ErrorKind.NotFound, $"No such image: {image}: {e.Message}", e);
        }
    }

    private Digest? Find(string image)
    {
        var name = ImageReference.TryParse(image, out var reference) ? reference.WithDefaultTag().ToString() : null;
        var id = image.StartsWith("sha256:", StringComparison.Ordinal) ? image : "sha256:" + image;
        Digest? begun = null;
        foreach (var descriptor in ImageReader.ReadIndex(File.ReadAllBytes(Path.Join(dataRoot, "images", "index.json"))).Manifests)
        {
            if (!Digest.TryParse(descriptor.Annotation(IdKey), out var digest))
                continue;
            if (name is not null && descriptor.Annotation(NameKey) == name)
                return digest;
            if (image.Length >= ShortestId && digest.ToString().StartsWith(id, StringComparison.Ordinal))
                begun = digest;
        }

        return begun;
    }
}

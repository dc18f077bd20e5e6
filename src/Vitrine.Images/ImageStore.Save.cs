using Vitrine.Images.Archives;
using Vitrine.Images.Layers;
using Vitrine.Oci;

namespace Vitrine.Images;

/// <content>Images to archives.</content>
public sealed partial class ImageStore
{
    /// <summary>
    /// Writes images to one archive that is both an OCI image layout and a docker archive, as docker has written it since version
    /// 25: docker, podman and skopeo read it. Layers keep their compression, so that the digests stay.
    /// </summary>
    /// <param name="names">
    /// Names or ids. A name with a tag is kept as the image's name in the archive; a repository without one means all its tags;
    /// an id keeps no name.
    /// </param>
    /// <param name="output">May be a pipe; stays open.</param>
    /// <param name="cancellation">Honoured between writes.</param>
    /// <exception cref="VitrineException">NotFound: an image, or content of it.</exception>
    public async Task SaveAsync(IReadOnlyList<string> names, Stream output, CancellationToken cancellation = default)
    {
        using var held = HoldImages();
        var images = new Dictionary<Digest, (Image Image, List<ImageReference> Names)>();
        foreach (var (image, name) in names.SelectMany(ToSave))
        {
            images.TryAdd(image.Id, (image, []));
            if (name is not null && !images[image.Id].Names.Contains(name))
                images[image.Id].Names.Add(name);
        }

        var writer = new ArchiveWriter(Blobs, output, cancellation);
        await BlockingWork.RunAsync(() => writer.Write([.. images.Values]), cancellation).ConfigureAwait(false);
    }

    private IEnumerable<(Image Image, ImageReference? Name)> ToSave(string text)
    {
        if (!ImageReference.TryParse(text, out var reference) || Find(text) is { } found && !IsName(found, reference))
            return [(Get(text), null)];
        if (reference.Tag is not null || reference.Digest is not null)
            return [(Get(text), reference.Digest is null ? reference : null)];
        var all = List().SelectMany(image => image.RepoTags.Select(tag => (Image: image, Name: ImageReference.Parse(tag))))
            .Where(tagged => tagged.Name.Repository == reference.Repository)
            .Select(tagged => (tagged.Image, (ImageReference?)tagged.Name)).ToList();
        return all.Count > 0 ? all : [(Get(text), null)];
    }

    /// <summary>Whether text led to an image as a name, not as an id that looks like one.</summary>
    private static bool IsName(Image image, ImageReference reference) =>
        image.RepoTags.Contains(reference.WithDefaultTag().Familiar) || image.RepoDigests.Contains(reference.Familiar);
}

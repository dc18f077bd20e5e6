using System.Text.Json;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images.Archives;

/// <summary>One image that an archive holds.</summary>
/// <param name="Config">The file with its configuration.</param>
/// <param name="Layers">The files with its layers, bottom first.</param>
/// <param name="Manifest">Its manifest, or null where the archive has none.</param>
/// <param name="ManifestType">The manifest's media type.</param>
/// <param name="Names">The names it had where it was saved.</param>
internal sealed record ArchivedImage(SpooledFile Config, IReadOnlyList<SpooledFile> Layers, byte[]? Manifest, string ManifestType,
    IReadOnlyList<ImageReference> Names);

/// <summary>
/// Finds the images of an archive: by <c>index.json</c>, an OCI image layout, whose manifests are kept as they are, or by
/// <c>manifest.json</c>, docker's own list. Since version 25 docker writes both; then the names of both count.
/// </summary>
internal sealed class ArchiveCatalog(ArchiveSpool spool)
{
    private const int MaxJson = 4 * 1024 * 1024;

    /// <exception cref="VitrineException">Invalid: no image archive, or one whose parts are missing or do not fit.</exception>
    public IReadOnlyList<ArchivedImage> Read()
    {
        var listed = spool.Find(ArchiveNames.DockerManifest) is { } docker ? ReadDocker(docker) : null;
        if (spool.Find(ArchiveNames.OciIndex) is not { } index)
            return listed ?? throw Invalid("neither manifest.json nor index.json is in it: not an image archive");
        var images = ReadLayout(index.ReadAll(MaxJson)).ToList();
        return listed is null ? images : Merge(images, listed);
    }

    private static List<ArchivedImage> Merge(List<ArchivedImage> images, IReadOnlyList<ArchivedImage> listed)
    {
        foreach (var other in listed)
        {
            var index = images.FindIndex(image => image.Config.Digest == other.Config.Digest);
            if (index < 0)
                images.Add(other);
            else
                images[index] = images[index] with { Names = [.. images[index].Names.Union(other.Names)] };
        }

        return images;
    }

    private List<ArchivedImage> ReadDocker(SpooledFile file)
    {
        IReadOnlyList<DockerArchiveImage>? list;
        try
        {
            list = JsonSerializer.Deserialize(file.ReadAll(MaxJson), ArchiveJson.Default.IReadOnlyListDockerArchiveImage);
        }
        catch (JsonException error)
        {
            throw Invalid($"manifest.json: {error.Message}");
        }

        return [.. (list ?? []).Select(image => new ArchivedImage(
            Require(image.Config), [.. image.Layers.Select(Require)], null, MediaTypes.OciManifest,
            [.. (image.RepoTags ?? []).Select(ImageReference.Parse)]))];
    }

    /// <summary>The index of the layout lists images; an index among them lists one image for several platforms.</summary>
    private IEnumerable<ArchivedImage> ReadLayout(byte[] json)
    {
        if (ManifestParser.Parse(json, MediaTypes.OciIndex) is not ImageIndex index)
            throw Invalid("index.json is no image index");
        return index.Manifests.Where(IsImage).GroupBy(static descriptor => descriptor.Digest)
            .SelectMany(same => ReadManifest(same.First(), [.. same.SelectMany(NamesOf).Distinct()]));
    }

    // BuildKit keeps what attests how an image was built beside it, for the platform "unknown".
    private static bool IsImage(Descriptor descriptor) => descriptor.Platform?.Os != "unknown";

    private ArchivedImage[] ReadManifest(Descriptor descriptor, IReadOnlyList<ImageReference> names)
    {
        var json = Blob(descriptor).ReadAll(MaxJson);
        return ManifestParser.Parse(json, descriptor.MediaType) switch
        {
            Manifest manifest => [new(Blob(manifest.Config), [.. manifest.Layers.Select(Blob)], json, descriptor.MediaType, names)],
            ImageIndex index => ReadManifest(Choose(index), names),
            _ => throw Invalid($"{descriptor.MediaType} is no image"),
        };
    }

    private Descriptor Choose(ImageIndex index)
    {
        var present = index.Manifests.Where(IsImage).Where(image => spool.Find(ArchiveNames.BlobPath(image.Digest)) is not null).ToList();
        return Platform.Host.Choose(present, static image => image.Platform) ?? present.FirstOrDefault()
            ?? throw Invalid("an image index without any of its images");
    }

    private SpooledFile Blob(Descriptor descriptor)
    {
        var file = Require(ArchiveNames.BlobPath(descriptor.Digest));
        return file.Digest == descriptor.Digest ? file : throw Invalid($"blob {descriptor.Digest} has the digest {file.Digest}");
    }

    private SpooledFile Require(string path) => spool.Find(path) ?? throw Invalid($"'{path}' is missing in it");

    /// <summary>A name has a tag or a registry: what is one plain word is a tag without its repository, and no name.</summary>
    private static IEnumerable<ImageReference> NamesOf(Descriptor descriptor)
    {
        var text = descriptor.Annotation(ArchiveNames.ImageName) ?? descriptor.Annotation(ArchiveNames.RefName);
        if (text is not null && text.AsSpan().ContainsAny(":/") && ImageReference.TryParse(text, out var name))
            yield return name.WithDefaultTag();
    }

    private static VitrineException Invalid(string reason) => new(ErrorKind.Invalid, $"invalid image archive: {reason}");
}

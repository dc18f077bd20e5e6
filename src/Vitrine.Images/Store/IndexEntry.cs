using Vitrine.Oci;

namespace Vitrine.Images.Store;

/// <summary>
/// One entry of index.json: one name of one image, or an image that has lost its last one. The whole name is where containerd and
/// BuildKit keep it; <c>ref.name</c>, which skopeo and umoci select by, has it as people write it.
/// </summary>
/// <param name="Manifest">The image's manifest.</param>
/// <param name="ImageId">The digest of its configuration.</param>
/// <param name="Name">A name with a tag or with a registry's digest, or null.</param>
internal sealed record IndexEntry(Descriptor Manifest, Digest ImageId, ImageReference? Name)
{
    private const string NameKey = "io.containerd.image.name";
    private const string RefNameKey = "org.opencontainers.image.ref.name";
    private const string ImageIdKey = "io.vitrine.image.id";
    private const string SizeKey = "io.vitrine.image.size";

    /// <summary>Bytes of the unpacked layers, or null where unknown.</summary>
    public long? Size => long.TryParse(Manifest.Annotation(SizeKey), out var size) ? size : null;

    /// <summary>The entry of a new image, still without a name.</summary>
    public static IndexEntry Create(Descriptor manifest, Digest imageId, long size) => new(
        manifest with
        {
            Annotations = new Dictionary<string, string> { [ImageIdKey] = imageId.ToString(), [SizeKey] = size.ToString() },
        },
        imageId,
        null);

    /// <summary>The image id an entry of ours carries; null in one that another tool has written.</summary>
    public static Digest? RecordedId(Descriptor descriptor) =>
        Digest.TryParse(descriptor.Annotation(ImageIdKey), out var id) ? id : null;

    /// <summary>The name an entry carries, ours or another tool's.</summary>
    public static ImageReference? RecordedName(Descriptor descriptor)
    {
        var text = descriptor.Annotation(NameKey) ?? descriptor.Annotation(RefNameKey);
        return ImageReference.TryParse(text, out var name) ? name.WithDefaultTag() : null;
    }

    /// <summary>The same image under another name, or under none.</summary>
    public IndexEntry Named(ImageReference? name)
    {
        var annotations = new Dictionary<string, string>(Manifest.Annotations ?? new Dictionary<string, string>());
        annotations.Remove(NameKey);
        annotations.Remove(RefNameKey);
        annotations[ImageIdKey] = ImageId.ToString();
        if (name is not null)
        {
            annotations[NameKey] = name.ToString();
            annotations[RefNameKey] = name.Familiar;
        }

        return this with { Manifest = Manifest with { Annotations = annotations }, Name = name };
    }
}

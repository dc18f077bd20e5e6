using Vitrine.Oci;

namespace Vitrine.Images.Store;

/// <summary>
/// The entries of index.json with docker's rules for names: a name leads to one image, an image has any number of names, and an
/// image that loses its last one stays, nameless, until it is removed. Immutable; changes give a new table.
/// </summary>
/// <param name="entries">The images' entries.</param>
/// <param name="foreign">Entries that are no images, which other tools may have written: kept as they are.</param>
internal sealed class NameTable(IReadOnlyList<IndexEntry> entries, IReadOnlyList<Descriptor> foreign)
{
    public IReadOnlyList<IndexEntry> Entries { get; } = entries;

    public IReadOnlyList<Descriptor> Foreign { get; } = foreign;

    /// <summary>The entry of a name; one with tag and digest is looked up by the digest, which cannot move.</summary>
    public IndexEntry? Find(ImageReference name)
    {
        var key = Key(name);
        return Entries.FirstOrDefault(entry => entry.Name == key);
    }

    /// <summary>All entries of an image.</summary>
    public IReadOnlyList<IndexEntry> Of(Digest imageId) => Entries.Where(entry => entry.ImageId == imageId).ToList();

    /// <summary>Makes a name lead to the image of <paramref name="image"/>, taking it from any other.</summary>
    public NameTable With(ImageReference name, IndexEntry image)
    {
        var key = Key(name);
        var rest = Without(key).Entries.Where(entry => entry.Name is not null || entry.ImageId != image.ImageId);
        return Of([.. rest, image.Named(key)]);
    }

    /// <summary>Adds an image without a name, unless it is there.</summary>
    public NameTable With(IndexEntry image) =>
        Entries.Any(entry => entry.ImageId == image.ImageId) ? this : Of([.. Entries, image.Named(null)]);

    /// <summary>Takes a name away; its image stays.</summary>
    public NameTable Without(ImageReference name) =>
        Find(name) is { } removed
            ? Of([.. Entries.Where(entry => !ReferenceEquals(entry, removed))]).With(removed)
            : this;

    /// <summary>Takes an image away with all its names.</summary>
    public NameTable WithoutImage(Digest imageId) => Of([.. Entries.Where(entry => entry.ImageId != imageId)]);

    private NameTable Of(IReadOnlyList<IndexEntry> changed) => new(changed, Foreign);

    private static ImageReference Key(ImageReference name) =>
        name.Digest is { } digest ? name.WithDigest(digest) : name.WithDefaultTag();
}

using Vitrine.Images.Store;
using Vitrine.Linux;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images;

/// <summary>
/// Content on its way into the store: while this is held nothing is collected, so blobs and layers may arrive before anything
/// refers to them. What no image refers to when it is disposed is deleted again.
/// </summary>
public sealed class ImageIngest : IDisposable
{
    private readonly Func<ImageReference?, Digest?, IndexEntry, bool> _register;
    private readonly Action _collect;
    private readonly FileLock _lock;
    private readonly BlobStore _blobs;

    internal ImageIngest(
        FileLock shared, BlobStore blobs, Func<ImageReference?, Digest?, IndexEntry, bool> register, Action collect)
    {
        _lock = shared;
        _blobs = blobs;
        _register = register;
        _collect = collect;
    }

    /// <summary>Makes an image whose blobs and layers are all in the store visible, under a name or under none.</summary>
    /// <param name="manifest">The exact bytes of its manifest.</param>
    /// <param name="mediaType">The manifest's media type.</param>
    /// <param name="size">Bytes of the unpacked layers together.</param>
    /// <param name="name">The name that leads to it from now on, or null.</param>
    /// <param name="repoDigest">The digest by which the registry knows that name, or null where it did not come from one.</param>
    /// <returns>Whether the name led elsewhere, or nowhere, before.</returns>
    /// <exception cref="VitrineException">Invalid: not a manifest. Internal: a part of the image is missing.</exception>
    public bool Register(ReadOnlySpan<byte> manifest, string mediaType, long size, ImageReference? name, Digest? repoDigest = null)
    {
        if (ManifestParser.Parse(manifest, mediaType) is not Manifest parsed)
            throw new VitrineException(ErrorKind.Invalid, $"{mediaType} is not an image");
        foreach (var part in parsed.Layers.Append(parsed.Config))
        {
            if (_blobs.SizeOf(part.Digest) != part.Size)
                throw new VitrineException(ErrorKind.Internal, $"blob {part.Digest} did not arrive in the image store");
        }

        var descriptor = _blobs.Add(manifest, mediaType);
        return _register(name, repoDigest, IndexEntry.Create(descriptor, parsed.Config.Digest, size));
    }

    public void Dispose()
    {
        _lock.Dispose();
        _collect();
    }
}

using Vitrine.Images.Store;
using Vitrine.Linux;
using Vitrine.Oci;

namespace Vitrine.Images;

/// <content>How new images come in: pulled, loaded, imported or built.</content>
public sealed partial class ImageStore
{
    /// <summary>Begins to bring content in. Waits while unreferenced content is being deleted.</summary>
    public ImageIngest BeginIngest(CancellationToken cancellation = default)
    {
        var shared = FileLock.Acquire(_paths.ContentLock, LockMode.Shared, cancellation);
        MarkGarbage();
        return new ImageIngest(shared, Blobs, Register, CollectIfIdle);
    }

    private bool Register(ImageReference? name, Digest? repoDigest, IndexEntry image)
    {
        using var exclusive = FileLock.Acquire(_paths.IndexLock);
        var before = _index.Read();
        var after = name is null ? before.With(image)
            : name.Digest is null ? before.With(name, image)
            : before.With(name.WithDigest(name.Digest), image);
        if (name is not null && repoDigest is not null)
            after = after.With(name.WithDigest(repoDigest), image);
        _index.Write(after);
        return name is null || before.Find(name)?.ImageId != image.ImageId;
    }
}

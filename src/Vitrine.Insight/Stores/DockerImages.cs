using System.Globalization;
using System.Text;
using Vitrine.Oci;

namespace Vitrine.Insight.Stores;

/// <summary>
/// Docker's images, by the files of its graph drivers: DATA_ROOT/image/DRIVER/imagedb has the configurations, layerdb which directory of
/// DATA_ROOT/DRIVER a chain of layers is in. Where Docker keeps images in containerd's store, as new installations of Docker 29 do, they
/// are in containerd's database, in the namespace of Docker's own (moby, daemon/containerd/image_snapshot.go).
/// </summary>
internal static class DockerImages
{
    /// <summary>What a container's record has for a driver where its layers are containerd's: the snapshotter. No graph driver is called so.</summary>
    public const string Snapshotter = "overlayfs";

    private const string Space = "moby";

    /// <param name="files">The engine's files.</param>
    /// <param name="dataRoot">/var/lib/docker.</param>
    /// <param name="driver">overlay2.</param>
    /// <param name="imageId">The digest of the configuration.</param>
    /// <param name="containerId">The container, which has a layer of the engine's own below its writable one.</param>
    public static StoredImage? Find(StoreFiles files, string dataRoot, string driver, string imageId, string containerId)
    {
        if (driver.Contains('/', StringComparison.Ordinal) || driver is "" or "." or ".." || !Digest.TryParse(imageId, out var digest))
            return null;
        var (store, layers) = ($"{dataRoot}/image/{driver}", $"{dataRoot}/{driver}");
        if (StoredImage.ConfigAt(files, $"{store}/imagedb/content/{digest.ToString().Replace(':', '/')}") is not { } config)
            return new StoredImage { LayerRoot = layers };
        var image = StoredImage.Of(config, layers, (_, chain) =>
        {
            var entry = $"{store}/layerdb/{chain.ToString().Replace(':', '/')}";
            return Name(files, $"{entry}/cache-id") is { } name ? ($"{layers}/{name}/diff", Size(files, $"{entry}/size")) : null;
        });
        return WithOwn(image, Name(files, $"{store}/layerdb/mounts/{containerId}/init-id") is { } own ? $"{layers}/{own}/diff" : null);
    }

    /// <summary>An image in containerd's store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="digest">The image's id, which is that of an index or a manifest; or the manifest that was chosen from it.</param>
    /// <param name="containerId">See <see cref="Find"/>.</param>
    public static StoredImage FindIn(ContainerdRecords store, string digest, string containerId) =>
        WithOwn(store.ImageOf(Space, digest), store.Directory(Space, $"{containerId}-init"));

    /// <summary>Empty files to mount /etc/hosts and its like on: a layer of the container's that no image has.</summary>
    private static StoredImage WithOwn(StoredImage image, string? directory) =>
        directory is null ? image : image with { Layers = [.. image.Layers, new LayerHint { Directory = directory, ByEngine = true }] };

    private static string? Name(StoreFiles files, string path) =>
        Text(files, path) is { Length: > 0 } name && !name.Contains('/', StringComparison.Ordinal) && name is not ("." or "..") ? name : null;

    private static long? Size(StoreFiles files, string path) =>
        long.TryParse(Text(files, path), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;

    private static string? Text(StoreFiles files, string path) => files.Read(path) is { } bytes ? Encoding.UTF8.GetString(bytes).Trim() : null;
}

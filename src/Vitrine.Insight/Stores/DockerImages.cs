using System.Globalization;
using System.Text;
using Vitrine.Oci;

namespace Vitrine.Insight.Stores;

/// <summary>
/// Docker's images, by the files of its graph drivers: DATA_ROOT/image/DRIVER/imagedb has the configurations, layerdb which directory of
/// DATA_ROOT/DRIVER a chain of layers is in. (Where Docker keeps images in containerd's store, nothing is here.)
/// </summary>
internal static class DockerImages
{
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
        // Empty files to mount /etc/hosts and its like on: a layer of the container's that no image has.
        return Name(files, $"{store}/layerdb/mounts/{containerId}/init-id") is { } own
            ? image with { Layers = [.. image.Layers, new LayerHint { Directory = $"{layers}/{own}/diff", ByEngine = true }] }
            : image;
    }

    private static string? Name(StoreFiles files, string path) =>
        Text(files, path) is { Length: > 0 } name && !name.Contains('/', StringComparison.Ordinal) && name is not ("." or "..") ? name : null;

    private static long? Size(StoreFiles files, string path) =>
        long.TryParse(Text(files, path), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;

    private static string? Text(StoreFiles files, string path) => files.Read(path) is { } bytes ? Encoding.UTF8.GetString(bytes).Trim() : null;
}

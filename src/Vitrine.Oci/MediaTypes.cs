namespace Vitrine.Oci;

/// <summary>The media types of images: the OCI's (image-spec media-types.md) and Docker's, which mean the same.</summary>
public static class MediaTypes
{
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";
    public const string OciLayer = "application/vnd.oci.image.layer.v1.tar";
    public const string OciLayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string OciLayerZstd = "application/vnd.oci.image.layer.v1.tar+zstd";

    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerSchema1 = "application/vnd.docker.distribution.manifest.v1+json";
    public const string DockerSchema1Signed = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";
    public const string DockerLayerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    public const string DockerLayerZstd = "application/vnd.docker.image.rootfs.diff.tar.zstd";

    private const string OciNondistributablePrefix = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    private const string DockerForeignPrefix = "application/vnd.docker.image.rootfs.foreign.diff.tar";

    /// <summary>What a pull can make use of, for the Accept header.</summary>
    public static IReadOnlyList<string> Acceptable { get; } = [OciManifest, OciIndex, DockerManifest, DockerManifestList];

    public static bool IsManifest(string mediaType) => mediaType is OciManifest or DockerManifest;

    public static bool IsIndex(string mediaType) => mediaType is OciIndex or DockerManifestList;

    public static bool IsConfig(string mediaType) => mediaType is OciConfig or DockerConfig;

    public static bool IsSchema1(string mediaType) => mediaType is DockerSchema1 or DockerSchema1Signed;

    /// <summary>Layers that only their owner may hand out (Windows base images).</summary>
    public static bool IsForeignLayer(string mediaType) =>
        mediaType.StartsWith(OciNondistributablePrefix, StringComparison.Ordinal)
        || mediaType.StartsWith(DockerForeignPrefix, StringComparison.Ordinal);

    /// <summary>Whether this is a file system layer; which compression it has is told by its first bytes, not by its name.</summary>
    public static bool IsLayer(string mediaType) => mediaType
        is OciLayer or OciLayerGzip or OciLayerZstd or DockerLayer or DockerLayerGzip or DockerLayerZstd;
}

using System.Text.Json.Serialization;

namespace Vitrine.Images.Archives;

/// <summary>One image in the <c>manifest.json</c> of a docker archive: paths of files in the archive.</summary>
internal sealed record DockerArchiveImage
{
    public required string Config { get; init; }

    public IReadOnlyList<string>? RepoTags { get; init; }

    public required IReadOnlyList<string> Layers { get; init; }
}

[JsonSerializable(typeof(IReadOnlyList<DockerArchiveImage>))]
[JsonSerializable(typeof(SortedDictionary<string, SortedDictionary<string, string>>))]
internal sealed partial class ArchiveJson : JsonSerializerContext;

/// <summary>Names of files in image archives, and of annotations in their index.</summary>
internal static class ArchiveNames
{
    public const string DockerManifest = "manifest.json";
    public const string DockerRepositories = "repositories";
    public const string OciIndex = "index.json";
    public const string OciLayout = "oci-layout";

    /// <summary>The tag, or what the writer took for the name (image-spec annotations.md).</summary>
    public const string RefName = "org.opencontainers.image.ref.name";

    /// <summary>The full name, as containerd and docker write it.</summary>
    public const string ImageName = "io.containerd.image.name";

    /// <summary>The path of a blob in an image layout.</summary>
    public static string BlobPath(Oci.Digest digest) => $"blobs/{digest.Algorithm}/{digest.Hex}";
}

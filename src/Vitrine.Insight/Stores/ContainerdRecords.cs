using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Vitrine.Oci;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Insight.Stores;

/// <summary>
/// containerd's database, ROOT/io.containerd.metadata.v1.bolt/meta.db: which image a container has, and which snapshot a chain of
/// layers is (containerd, metadata/buckets.go). The snapshotter's own says which directory that is.
/// </summary>
internal sealed class ContainerdRecords : IDisposable
{
    public const string DefaultRoot = "/var/lib/containerd";

    private const string Snapshotter = "io.containerd.snapshotter.v1.overlayfs";
    private const string Blobs = "io.containerd.content.v1.content/blobs";
    private const string Tasks = "/io.containerd.runtime.v2.task/";

    private readonly StoreFiles files;
    private readonly string root;
    private readonly SafeFileHandle? metadata;
    private readonly SafeFileHandle? snapshots;

    public ContainerdRecords(StoreFiles files, string root)
    {
        (this.files, this.root) = (files, root);
        metadata = files.Open($"{root}/io.containerd.metadata.v1.bolt/meta.db");
        snapshots = files.Open($"{root}/{Snapshotter}/metadata.db");
    }

    /// <summary>The root that a bundle's <c>work</c> link leads into: ROOT/io.containerd.runtime.v2.task/NAMESPACE/ID.</summary>
    public static string? RootOf(string? work) =>
        work?.IndexOf(Tasks, StringComparison.Ordinal) is > 0 and var end ? work[..end] : null;

    /// <summary>The image's name; null where the database does not say.</summary>
    public string? ImageName(string space, string id) => metadata is null ? null : new BoltFile(metadata).Text("v1", space, "containers", id, "image") is { Length: > 0 } name ? name : null;

    /// <summary>The image of a container.</summary>
    public StoredImage Image(string space, string name) =>
        ImageOf(space, metadata is null ? null : new BoltFile(metadata).Text("v1", space, "images", name, "target", "digest"));

    /// <summary>The image of a manifest, or of an index of manifests.</summary>
    public StoredImage ImageOf(string space, string? digest)
    {
        if (metadata is null || Config(digest) is not { } known || StoredImage.ConfigAt(files, Blob(known)) is not { } config)
            return new StoredImage { LayerRoot = Snapshots };
        return StoredImage.Of(config, Snapshots, (_, chain) => Directory(space, chain.ToString()) is { } directory ? (directory, null) : null);
    }

    /// <summary>The directory with a snapshot's files, named for the number that its id is (containerd, snapshots/storage/bolt.go).</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="key">What its client calls it: for a layer of an image, the chain id up to it.</param>
    public string? Directory(string space, string key)
    {
        if (metadata is null || snapshots is null || new BoltFile(metadata).Text("v1", space, "snapshots", "overlayfs", key, "name") is not { } name)
            return null;
        return new BoltFile(snapshots).Find("v1", "snapshots", name, "id") is { } id && ReadNumber(id) is { } number ? string.Create(CultureInfo.InvariantCulture, $"{Snapshots}/{number}/fs") : null;
    }

    public void Dispose()
    {
        metadata?.Dispose();
        snapshots?.Dispose();
    }

    /// <summary>The digest of the configuration, by way of the manifest, which an index may stand before.</summary>
    private string? Config(string? digest)
    {
        for (var depth = 0; depth < 3 && digest is not null && Digest.TryParse(digest, out _); depth++)
        {
            if (files.Read(Blob(digest), ReadManifest) is not { } manifest)
                return null;
            if (manifest.Config is not null)
                return Digest.TryParse(manifest.Config, out _) ? manifest.Config : null;
            digest = manifest.Manifests.FirstOrDefault(entry => Digest.TryParse(entry, out var known) && files.Read(Blob(known.ToString())) is not null);
        }

        return null;
    }

    private string Snapshots => $"{root}/{Snapshotter}/snapshots";

    private string Blob(string digest) => $"{root}/{Blobs}/{digest.Replace(':', '/')}";

    private sealed record Manifest(string? Config, IReadOnlyList<string> Manifests);

    /// <summary>Of a manifest the configuration's digest, of an index the manifests'.</summary>
    private static Manifest ReadManifest(ReadOnlySpan<byte> utf8)
    {
        var manifest = new Manifest(null, []);
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "config": manifest = manifest with { Config = ReadDigest(ref json) }; break;
                case "manifests": manifest = manifest with { Manifests = json.List(ReadDigest) }; break;
                default: json.Skip(); break;
            }
        }

        return manifest;
    }

    private static string ReadDigest(ref JsonCursor json) => json.Member("digest", static (ref JsonCursor digest) => digest.Text()) ?? "";

    /// <summary>Go's unsigned varint.</summary>
    private static ulong? ReadNumber(ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
                return value;
        }

        return null;
    }
}

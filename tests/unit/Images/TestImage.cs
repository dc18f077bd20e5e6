using System.Text;
using System.Text.Json;
using Vitrine.Images;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Tests.Unit.Images;

/// <summary>An image made of a few bytes, different for each seed. Its layers are not archives: only the store handles them.</summary>
internal sealed class TestImage
{
    public TestImage(int seed, params string[] layers)
    {
        Layers = layers.Select(Encoding.UTF8.GetBytes).ToList();
        Config = JsonSerializer.SerializeToUtf8Bytes(
            new ImageConfig
            {
                Architecture = Platform.Host.Architecture,
                Os = "linux",
                Created = DateTimeOffset.UnixEpoch.AddDays(seed),
                RootFs = new ImageRootFs { DiffIds = DiffIds },
            },
            ImageJson.Default.ImageConfig);
        Manifest = JsonSerializer.SerializeToUtf8Bytes(
            new Manifest
            {
                MediaType = MediaTypes.OciManifest,
                Config = Describe(Config, MediaTypes.OciConfig),
                Layers = Layers.ConvertAll(layer => Describe(layer, MediaTypes.OciLayer)),
            },
            ImageJson.Default.Manifest);
    }

    public List<byte[]> Layers { get; }

    public byte[] Config { get; }

    public byte[] Manifest { get; }

    public Digest Id => Digest.Of(Config);

    public Digest ManifestDigest => Digest.Of(Manifest);

    public List<Digest> DiffIds => Layers.ConvertAll(static layer => Digest.Of(layer));

    public IReadOnlyList<Digest> ChainIds => ChainId.Of(DiffIds);

    /// <summary>Puts the image into a store, its layers as empty directories.</summary>
    public TestImage AddTo(ImageStore store, string dataRoot, string? name = null, bool withDigest = false)
    {
        using var ingest = store.BeginIngest();
        foreach (var layer in Layers)
            store.Blobs.Add(layer, MediaTypes.OciLayer);
        foreach (var chainId in ChainIds)
            Directory.CreateDirectory(Path.Combine(dataRoot, "layers", chainId.Hex, "diff"));
        store.Blobs.Add(Config, MediaTypes.OciConfig);
        ingest.Register(Manifest, MediaTypes.OciManifest, 100, name is null ? null : ImageReference.Parse(name).WithDefaultTag(),
            withDigest ? ManifestDigest : null);
        return this;
    }

    private static Descriptor Describe(byte[] content, string mediaType) =>
        new() { MediaType = mediaType, Digest = Digest.Of(content), Size = content.Length };
}

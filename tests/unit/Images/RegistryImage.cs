using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Vitrine.Linux;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Tests.Unit.Images;

/// <summary>A real image, each layer a gzipped tar with one file, its owner whoever runs the test.</summary>
internal sealed class RegistryImage
{
    private RegistryImage(ImageConfig config, Manifest manifest)
    {
        Config = JsonSerializer.SerializeToUtf8Bytes(config, ImageJson.Default.ImageConfig);
        Manifest = JsonSerializer.SerializeToUtf8Bytes(
            manifest with { Config = manifest.Config with { Digest = Digest.Of(Config), Size = Config.Length } }, ImageJson.Default.Manifest);
        ChainIds = ChainId.Of(config.RootFs.DiffIds);
        Layers = manifest.Layers;
    }

    public byte[] Config { get; }

    public byte[] Manifest { get; }

    public IReadOnlyList<Digest> ChainIds { get; }

    public IReadOnlyList<Descriptor> Layers { get; }

    public Digest Id => Digest.Of(Config);

    public Digest Digest => Digest.Of(Manifest);

    /// <summary>Makes an image and puts it into a registry.</summary>
    /// <param name="registry">Where to.</param>
    /// <param name="tag">Its tag, or null.</param>
    /// <param name="files">The name and content of the one file of each layer, bottom first.</param>
    /// <param name="docker">Whether its media types are docker's.</param>
    /// <param name="architecture">What it runs on; this machine where null.</param>
    /// <param name="change">Spoils its manifest.</param>
    /// <param name="changeConfig">Spoils its configuration.</param>
    public static RegistryImage Push(
        FakeRegistry registry, string? tag, IReadOnlyList<(string Name, byte[] Content)> files, bool docker = false,
        string? architecture = null, Func<Manifest, Manifest>? change = null, Func<ImageConfig, ImageConfig>? changeConfig = null) =>
        PushArchives(registry, tag, [.. files.Select(static file => Tar(file.Name, file.Content))], docker, architecture, change, changeConfig);

    /// <summary>As <see cref="Push"/>, of layers whose archives are given.</summary>
    public static RegistryImage PushArchives(
        FakeRegistry registry, string? tag, IReadOnlyList<byte[]> archives, bool docker = false,
        string? architecture = null, Func<Manifest, Manifest>? change = null, Func<ImageConfig, ImageConfig>? changeConfig = null)
    {
        var diffIds = new List<Digest>();
        var layers = new List<Descriptor>();
        foreach (var tar in archives)
        {
            var blob = Gzip(tar);
            diffIds.Add(Digest.Of(tar));
            layers.Add(new Descriptor
            {
                MediaType = docker ? MediaTypes.DockerLayerGzip : MediaTypes.OciLayerGzip,
                Digest = registry.AddBlob(blob),
                Size = blob.Length,
            });
        }

        var config = new ImageConfig
        {
            Architecture = architecture ?? Platform.Host.Architecture,
            Os = "linux",
            RootFs = new ImageRootFs { DiffIds = diffIds },
        };
        var manifest = new Manifest
        {
            MediaType = docker ? MediaTypes.DockerManifest : MediaTypes.OciManifest,
            Config = new Descriptor { MediaType = docker ? MediaTypes.DockerConfig : MediaTypes.OciConfig, Digest = Digest.Of([]), Size = 0 },
            Layers = layers,
        };
        var image = new RegistryImage(changeConfig?.Invoke(config) ?? config, change?.Invoke(manifest) ?? manifest);
        registry.AddBlob(image.Config);
        registry.AddManifest(image.Manifest, manifest.MediaType, tag);
        return image;
    }

    /// <summary>Puts an index of images for several processors into a registry.</summary>
    public static Digest PushIndex(FakeRegistry registry, string tag, bool docker, params (RegistryImage Image, string Architecture)[] images)
    {
        var mediaType = docker ? MediaTypes.DockerManifestList : MediaTypes.OciIndex;
        var index = new ImageIndex
        {
            MediaType = mediaType,
            Manifests = [.. images.Select(entry => new Descriptor
            {
                MediaType = docker ? MediaTypes.DockerManifest : MediaTypes.OciManifest,
                Digest = entry.Image.Digest,
                Size = entry.Image.Manifest.Length,
                Platform = new Platform { Os = entry.Architecture == "unknown" ? "unknown" : "linux", Architecture = entry.Architecture },
            })],
        };
        return registry.AddManifest(JsonSerializer.SerializeToUtf8Bytes(index, ImageJson.Default.ImageIndex), mediaType, tag);
    }

    public static byte[] Random(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Tar(string name, byte[] content)
    {
        using var handle = FileAt.OpenDirectory(Directory.CreateTempSubdirectory("vitrine-owner-") is var own ? own.FullName : "");
        var owner = FileAt.Status(handle, Encoding.UTF8.GetBytes("."));
        own.Delete();
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = new MemoryStream(content),
                Uid = (int)owner.Uid,
                Gid = (int)owner.Gid,
                ModificationTime = DateTimeOffset.UnixEpoch,
            });
        }

        return stream.ToArray();
    }

    private static byte[] Gzip(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return stream.ToArray();
    }
}

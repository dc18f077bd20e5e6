using System.Text;
using System.Text.Json;
using Vitrine.Images.Store;
using Vitrine.Images.Tar;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images.Archives;

/// <summary>Writes images as an archive that is an OCI image layout with docker's <c>manifest.json</c> and <c>repositories</c>.</summary>
internal sealed class ArchiveWriter(BlobStore blobs, Stream output, CancellationToken cancellation)
{
    private const int MaxManifest = 4 * 1024 * 1024;

    private readonly TarWriter _tar = new(output);
    private readonly TarEntry _entry = new();
    private readonly byte[] _buffer = new byte[256 * 1024];

    /// <summary>Writes all images. The same images give the same archive.</summary>
    public void Write(IReadOnlyList<(Image Image, List<ImageReference> Names)> images)
    {
        var manifests = images.Select(item => ReadManifest(item.Image)).ToList();
        WriteDirectory("blobs/");
        WriteDirectory("blobs/sha256/");
        var content = manifests.Zip(images).SelectMany(static pair =>
            pair.First.Layers.Append(pair.First.Config).Append(pair.Second.Image.Manifest));
        foreach (var blob in content.DistinctBy(static blob => blob.Digest).OrderBy(static blob => blob.Digest))
            WriteBlob(blob.Digest);
        var listed = images.Zip(manifests, static (item, manifest) => (item.Names, item.Image, Manifest: manifest)).ToList();
        WriteFile(ArchiveNames.OciIndex, JsonSerializer.SerializeToUtf8Bytes(Index(listed), ImageJson.Readable.ImageIndex));
        WriteFile(ArchiveNames.DockerManifest, DockerList(listed));
        WriteFile(ArchiveNames.OciLayout, JsonSerializer.SerializeToUtf8Bytes(new ImageLayout(), ImageJson.Default.ImageLayout));
        if (listed.Exists(static item => item.Names.Count > 0))
            WriteFile(ArchiveNames.DockerRepositories, Repositories(listed));
        _tar.Finish();
    }

    private Manifest ReadManifest(Image image) =>
        ManifestParser.Parse(blobs.ReadAll(image.Manifest.Digest, MaxManifest), image.Manifest.MediaType) as Manifest
        ?? throw new VitrineException(ErrorKind.Internal, $"{image.Manifest.Digest} is no image manifest");

    private static ImageIndex Index(IEnumerable<(List<ImageReference> Names, Image Image, Manifest Manifest)> images) => new()
    {
        MediaType = MediaTypes.OciIndex,
        Manifests = [.. images.SelectMany(static item => item.Names.Count == 0
            ? [Point(item.Image, null)]
            : item.Names.Select(name => Point(item.Image, Annotations(name))))],
    };

    private static Descriptor Point(Image image, IReadOnlyDictionary<string, string>? annotations) => new()
    {
        MediaType = image.Manifest.MediaType,
        Digest = image.Manifest.Digest,
        Size = image.Manifest.Size,
        Platform = image.Config.Platform,
        Annotations = annotations,
    };

    private static SortedDictionary<string, string> Annotations(ImageReference name) => new(StringComparer.Ordinal)
    {
        [ArchiveNames.ImageName] = name.ToString(),
        [ArchiveNames.RefName] = name.Tag!,
    };

    private static byte[] DockerList(IEnumerable<(List<ImageReference> Names, Image Image, Manifest Manifest)> images)
    {
        IReadOnlyList<DockerArchiveImage> list = [.. images.Select(static item => new DockerArchiveImage
        {
            Config = ArchiveNames.BlobPath(item.Manifest.Config.Digest),
            RepoTags = item.Names.Count == 0 ? null : [.. item.Names.Select(static name => name.Familiar)],
            Layers = [.. item.Manifest.Layers.Select(static layer => ArchiveNames.BlobPath(layer.Digest))],
        })];
        return JsonSerializer.SerializeToUtf8Bytes(list, ArchiveJson.Default.IReadOnlyListDockerArchiveImage);
    }

    /// <summary>Docker's oldest form of names: repository, tag, and the topmost layer.</summary>
    private static byte[] Repositories(IEnumerable<(List<ImageReference> Names, Image Image, Manifest Manifest)> images)
    {
        var repositories = new SortedDictionary<string, SortedDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var (names, image, manifest) in images)
        {
            foreach (var name in names)
            {
                repositories.TryAdd(name.FamiliarRepository, new SortedDictionary<string, string>(StringComparer.Ordinal));
                repositories[name.FamiliarRepository][name.Tag!] = (manifest.Layers is [.., var top] ? top.Digest : image.Id).Hex;
            }
        }

        return JsonSerializer.SerializeToUtf8Bytes(repositories, ArchiveJson.Default.SortedDictionaryStringSortedDictionaryStringString);
    }

    private void WriteDirectory(string path)
    {
        Start(path, TarType.Directory, 0b111_101_101, 0);
    }

    private void WriteFile(string path, byte[] content)
    {
        Start(path, TarType.Regular, 0b110_100_100, content.Length);
        _tar.WriteData(content);
    }

    private void WriteBlob(Digest digest)
    {
        using var blob = blobs.OpenRead(digest);
        Start(ArchiveNames.BlobPath(digest), TarType.Regular, 0b110_100_100, blob.Length);
        for (var read = blob.Read(_buffer); read > 0; read = blob.Read(_buffer))
        {
            cancellation.ThrowIfCancellationRequested();
            _tar.WriteData(_buffer.AsSpan(0, read));
        }
    }

    private void Start(string path, TarType type, uint permissions, long size)
    {
        _entry.Clear();
        _entry.Path = Encoding.ASCII.GetBytes(path);
        _entry.Type = type;
        _entry.Permissions = permissions;
        _entry.Size = size;
        _tar.WriteEntry(_entry);
    }
}

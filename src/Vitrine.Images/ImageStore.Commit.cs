using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Vitrine.Images.Store;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images;

/// <summary>An image made of another one and a container's changes.</summary>
public sealed record ImageCommit
{
    /// <summary>What the container was made of.</summary>
    public required Image Base { get; init; }

    /// <summary>The new image's defaults for containers.</summary>
    public required ImageExecution Execution { get; init; }

    /// <summary>Writes the layer with the changes as a tar archive, on a thread of its own; null where nothing has changed.</summary>
    public Action<Stream>? WriteLayer { get; init; }

    /// <summary>The name to give it, or null.</summary>
    public ImageReference? Name { get; init; }
    public string? Author { get; init; }
    public string? Comment { get; init; }

    /// <summary>What the container ran, for the history.</summary>
    public string? CreatedBy { get; init; }
    public required DateTimeOffset Created { get; init; }
}

/// <content>Images from containers.</content>
public sealed partial class ImageStore
{
    /// <summary>Makes an image of a container's changes.</summary>
    /// <returns>The image's id.</returns>
    /// <exception cref="VitrineException">NotFound: content of the base image is missing. Unavailable: no space.</exception>
    public async Task<Digest> CommitAsync(ImageCommit commit, CancellationToken cancellation = default)
    {
        using var ingest = BeginIngest(cancellation);
        var manifest = ManifestParser.Parse(Blobs.ReadAll(commit.Base.Manifest.Digest, ManifestParser.MaxSize), commit.Base.Manifest.MediaType) as Manifest
            ?? throw new VitrineException(ErrorKind.Internal, $"{commit.Base.Manifest.Digest} is no image manifest");
        var diffIds = commit.Base.Config.RootFs.DiffIds.ToList();
        var layers = manifest.Layers.ToList();
        var size = commit.Base.Size;
        if (commit.WriteLayer is { } write)
        {
            var (layer, diffId) = await Task.Factory.StartNew(() => Compress(write), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            diffIds.Add(diffId);
            layers.Add(layer);
            var content = Blobs.OpenRead(layer.Digest);
            await using (content.ConfigureAwait(false))
                size += (await Layers.UnpackAsync(content, diffId, ChainId.Of(diffIds), cancellation).ConfigureAwait(false)).Size;
        }

        var config = Blobs.Add(JsonSerializer.SerializeToUtf8Bytes(Describe(commit, diffIds), ImageJson.Default.ImageConfig), MediaTypes.OciConfig);
        var made = new Manifest { MediaType = MediaTypes.OciManifest, Config = config, Layers = [.. layers.Select(AsOci)] };
        ingest.Register(JsonSerializer.SerializeToUtf8Bytes(made, ImageJson.Default.Manifest), MediaTypes.OciManifest, size, commit.Name?.WithDefaultTag());
        return config.Digest;
    }

    private (Descriptor Layer, Digest DiffId) Compress(Action<Stream> write)
    {
        using var blob = Blobs.Create();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var zipped = new GZipStream(new BlobOutput(blob.Append), CompressionLevel.Fastest))
        {
            write(new BlobOutput(bytes =>
            {
                hash.AppendData(bytes);
                zipped.Write(bytes);
            }));
        }

        var length = blob.Length;
        return (new Descriptor { MediaType = MediaTypes.OciLayerGzip, Size = length, Digest = blob.Commit() },
            Digest.FromHash(HashAlgorithmName.SHA256, hash.GetHashAndReset()));
    }

    private static ImageConfig Describe(ImageCommit commit, IReadOnlyList<Digest> diffIds) => commit.Base.Config with
    {
        Created = commit.Created,
        Author = commit.Author ?? "",
        Config = commit.Execution,
        RootFs = new ImageRootFs { DiffIds = diffIds },
        Unknown = null,
        History =
        [
            .. commit.Base.Config.History ?? [],
            new ImageHistory
            {
                Created = commit.Created,
                Author = commit.Author,
                CreatedBy = commit.CreatedBy,
                Comment = commit.Comment,
                EmptyLayer = commit.WriteLayer is null,
            },
        ],
    };

    /// <summary>A manifest of the OCI's names layers as the OCI does; the bytes are the same.</summary>
    private static Descriptor AsOci(Descriptor layer) => layer.MediaType switch
    {
        MediaTypes.DockerLayer => layer with { MediaType = MediaTypes.OciLayer },
        MediaTypes.DockerLayerGzip => layer with { MediaType = MediaTypes.OciLayerGzip },
        MediaTypes.DockerLayerZstd => layer with { MediaType = MediaTypes.OciLayerZstd },
        _ => layer,
    };
}

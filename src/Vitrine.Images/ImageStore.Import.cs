using System.Text.Json;
using Vitrine.Images.Archives;
using Vitrine.Images.Layers;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images;

/// <summary>How to make an image of a root file system.</summary>
public sealed record ImageImportOptions
{
    /// <summary>The name to give it, or null.</summary>
    public ImageReference? Name { get; init; }

    /// <summary>Dockerfile instructions for its configuration; see <see cref="ImageChanges"/>.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>The comment of its history; docker's "Imported from SOURCE" where null.</summary>
    public string? Message { get; init; }

    /// <summary>Where the archive comes from, for the comment: a file name, a URL, or "-".</summary>
    public string Source { get; init; } = "-";

    /// <summary>What it runs on; this machine where null.</summary>
    public Platform? Platform { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; } = TimeProvider.System.GetUtcNow();
}

/// <content>Images from the tar archive of a root file system.</content>
public sealed partial class ImageStore
{
    /// <summary>Makes an image of one layer from a tar archive, plain or compressed, that may come from a pipe.</summary>
    /// <returns>The image's id.</returns>
    /// <exception cref="VitrineException">Invalid: no tar archive, or a change that is no instruction.</exception>
    public async Task<Digest> ImportAsync(Stream archive, ImageImportOptions options, CancellationToken cancellation = default)
    {
        var execution = ImageChanges.Apply(new ImageExecution(), options.Changes);
        using var ingest = BeginIngest(cancellation);
        using var blob = Blobs.Create();
        var start = new byte[LayerDecompression.MagicLength];

        // A pipe's read does not end by the token.
        var length = await archive.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation)
            .AsTask().WaitAsync(cancellation).ConfigureAwait(false);
        var compression = LayerDecompression.Detect(start.AsSpan(0, length));
        await using var tee = new BlobTee(new PrefixedStream(start.AsMemory(0, length), archive), blob);
        var (diffId, size) = await Layers.UnpackAsync(tee, null, null, cancellation).ConfigureAwait(false);
        tee.Drain();

        var layer = new Descriptor { MediaType = compression.MediaType(), Size = blob.Length, Digest = blob.Commit() };
        var config = JsonSerializer.SerializeToUtf8Bytes(Describe(options, execution, diffId), ImageJson.Default.ImageConfig);
        var manifest = new Manifest
        {
            MediaType = MediaTypes.OciManifest,
            Config = Blobs.Add(config, MediaTypes.OciConfig),
            Layers = [layer],
        };
        ingest.Register(JsonSerializer.SerializeToUtf8Bytes(manifest, ImageJson.Default.Manifest), MediaTypes.OciManifest, size,
            options.Name?.WithDefaultTag());
        return manifest.Config.Digest;
    }

    private static ImageConfig Describe(ImageImportOptions options, ImageExecution execution, Digest diffId)
    {
        var platform = options.Platform ?? Platform.Host;
        return new ImageConfig
        {
            Created = options.Created,
            Architecture = platform.Architecture,
            Os = platform.Os,
            Variant = platform.Variant,
            Config = execution,
            RootFs = new ImageRootFs { DiffIds = [diffId] },
            History = [new ImageHistory { Created = options.Created, Comment = options.Message ?? $"Imported from {options.Source}" }],
        };
    }
}

using Vitrine.Images.Registry;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images.Push;

/// <summary>
/// Pushes one image: (1) its layers side by side, each asked for first, then taken over from another repository, then sent;
/// (2) its configuration; (3) its manifest, byte for byte as it is here, which makes it visible.
/// </summary>
internal sealed class ImagePush(ImageStore store, RegistryClient client, ImageReference name, PushOptions options)
{
    /// <exception cref="VitrineException">NotFound: no such image here. Denied, Unavailable, in one line.</exception>
    public async Task<PushResult> RunAsync(IReadOnlyList<string> sources, CancellationToken cancellation)
    {
        var image = store.Find(name.ToString()) is { } found && found.RepoTags.Contains(name.Familiar)
            ? found
            : throw new VitrineException(ErrorKind.NotFound, $"An image does not exist locally with the tag: {name.FamiliarRepository}");
        if (options.Platform is { } wanted && image.Config.Platform is { } platform && !wanted.Accepts(platform))
            throw new VitrineException(ErrorKind.NotFound, $"image with reference {name.Familiar} was found but its platform ({platform}) does not match the specified platform ({wanted})");
        var content = store.Blobs.ReadAll(image.Manifest.Digest, ManifestParser.MaxSize);
        var manifest = ManifestParser.Parse(content, image.Manifest.MediaType) as Manifest
            ?? throw new VitrineException(ErrorKind.Internal, $"{image.Manifest.Digest} is no image manifest");

        // Alone and first: it settles which address answers, and with which login, for the requests side by side.
        await client.HeadManifestAsync(name.Tag!, cancellation).ConfigureAwait(false);
        await PushLayersAsync(manifest, sources, cancellation).ConfigureAwait(false);
        await new BlobPush(store, client, manifest.Config, null).RunAsync([], cancellation).ConfigureAwait(false);
        await client.PutManifestAsync(name.Tag!, content, image.Manifest.MediaType, cancellation).ConfigureAwait(false);
        store.AddDigest(name.WithDigest(image.Manifest.Digest), image.Id);
        options.Progress?.Report(new ImageProgress($"{name.Tag}: digest: {image.Manifest.Digest} size: {content.Length}"));
        return new PushResult(name.Tag!, image.Manifest.Digest, content.Length);
    }

    private async Task PushLayersAsync(Manifest manifest, IReadOnlyList<string> sources, CancellationToken cancellation)
    {
        // From the top, as docker shows them. Layers that only their owner may hand out stay there.
        var blobs = manifest.Layers.Reverse().DistinctBy(static layer => layer.Digest).Where(static layer => layer.Urls is not { Count: > 0 });
        var pushes = new List<BlobPush>();
        foreach (var blob in blobs)
        {
            var progress = new LayerProgress(options.Progress, blob);
            progress.Report("Preparing");
            pushes.Add(new BlobPush(store, client, blob, progress));
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellation };
        await Parallel.ForEachAsync(pushes, parallel, async (push, token) => await push.RunAsync(sources, token).ConfigureAwait(false)).ConfigureAwait(false);
    }
}

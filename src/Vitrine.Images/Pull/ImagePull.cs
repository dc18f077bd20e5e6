using Vitrine.Images.Registry;
using Vitrine.Oci;

namespace Vitrine.Images.Pull;

/// <summary>
/// Pulls one image: (1) find out what the name leads to, (2) fetch its layers side by side, (3) make it visible. Until (3) nothing
/// refers to what has arrived, so that a pull that ends early leaves nothing behind.
/// </summary>
internal sealed class ImagePull(ImageStore store, ImageReference name, PullOptions options)
{
    public async Task<PullResult> RunAsync(CancellationToken cancellation)
    {
        using var client = new RegistryClient(name, options.Registry ?? RegistryOptions.Load(), RegistryScope.Pull);
        if (await FindUpToDateAsync(client, cancellation).ConfigureAwait(false) is { } known)
        {
            ReportFound();
            return Finish(known);
        }

        using var ingest = store.BeginIngest(cancellation);
        var target = await new PullSource(client, name, options.Platform).ResolveAsync(cancellation).ConfigureAwait(false);
        ReportFound();
        await FetchLayersAsync(client, target, cancellation).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        var config = store.Blobs.Add(target.ConfigContent, target.Manifest.Config.MediaType);
        var size = ChainId.Of(target.Config.RootFs.DiffIds).Sum(store.Layers.Size);
        var isNewer = ingest.Register(target.Content, target.MediaType, size, name, target.Digest);
        return Finish(new PullResult(store.Get(config.Digest.ToString()), target.Digest, isNewer));
    }

    /// <summary>Asks only what the tag leads to: where that is here and whole, nothing need be fetched.</summary>
    private async Task<PullResult?> FindUpToDateAsync(RegistryClient client, CancellationToken cancellation)
    {
        if (name.Tag is null || name.Digest is not null || store.Find(name.ToString()) is not { } image)
            return null;
        if (options.Platform is not null && image.Config.Platform is { } platform && !options.Platform.Accepts(platform))
            return null;
        if (await client.HeadManifestAsync(name.Tag, cancellation).ConfigureAwait(false) is not { } digest)
            return null;
        var isSame = image.RepoDigests.Contains(name.WithDigest(digest).Familiar) && image.ChainIds.All(store.Layers.Contains);
        return isSame ? new PullResult(image, digest, IsNewer: false) : null;
    }

    private async Task FetchLayersAsync(RegistryClient client, PullTarget target, CancellationToken cancellation)
    {
        var pulls = new List<LayerPull>();
        foreach (var blob in target.Blobs())
        {
            var progress = new LayerProgress(options.Progress, blob.Blob);
            var pull = new LayerPull(store, client, blob, progress);
            progress.Report(pull.IsComplete ? "Already exists" : "Pulling fs layer");
            if (!pull.IsComplete)
                pulls.Add(pull);
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellation };
        await Parallel.ForEachAsync(pulls, parallel, static async (pull, token) => await pull.RunAsync(token).ConfigureAwait(false))
            .ConfigureAwait(false);

        // Those that need files of the layers below them come last, in the order of the chain.
        foreach (var (pull, layer) in pulls.SelectMany(static pull => pull.Deferred.Select(layer => (pull, layer)))
            .OrderBy(static deferred => deferred.layer.Chain.Count).ToList())
        {
            await pull.FinishAsync(layer, cancellation).ConfigureAwait(false);
        }
    }

    private PullResult Finish(PullResult result)
    {
        Report($"Digest: {result.Digest}");
        if (options.TellsStatus)
            options.Progress?.Report(PullResult.Status(name, result.IsNewer));
        return result;
    }

    private void ReportFound() => Report($"Pulling from {name.Path}", name.Tag ?? name.Digest!.ToString());

    private void Report(string status, string? id = null) => options.Progress?.Report(new ImageProgress(status, id));
}

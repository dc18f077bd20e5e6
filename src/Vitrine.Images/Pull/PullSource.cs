using Vitrine.Images.Registry;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images.Pull;

/// <summary>Finds out what a name leads to in a registry: through an index to the manifest of one platform, and its configuration.</summary>
internal sealed class PullSource(RegistryClient client, ImageReference name, Platform? asked)
{
    private string TagOrDigest => name.Digest?.ToString() ?? name.Tag!;

    /// <exception cref="VitrineException">NotFound: no such name, or not for this platform. Invalid: nothing that can be run.</exception>
    public async Task<PullTarget> ResolveAsync(CancellationToken cancellation)
    {
        var named = await client.GetManifestAsync(TagOrDigest, cancellation).ConfigureAwait(false);
        var (fetched, document) = (named, Parse(named));
        if (document is ImageIndex index)
        {
            fetched = await client.GetManifestAsync(Choose(index).Digest.ToString(), cancellation).ConfigureAwait(false);
            document = Parse(fetched);
        }

        var manifest = document as Manifest ?? throw new VitrineException(ErrorKind.Invalid, $"{name.Familiar}: an index within an index is not supported");
        CheckTypes(manifest);
        var content = await client.GetBlobAsync(manifest.Config, ImageStore.MaxConfigSize, cancellation).ConfigureAwait(false);
        var config = ImageConfig.Parse(content);
        CheckConfig(manifest, config);
        var mediaType = manifest.MediaType ?? fetched.MediaType ?? MediaTypes.OciManifest;
        return new PullTarget(named.Digest, fetched.Content, mediaType, manifest, content, config);
    }

    private static ManifestDocument Parse(FetchedManifest fetched) => ManifestParser.Parse(fetched.Content, fetched.MediaType);

    private Descriptor Choose(ImageIndex index)
    {
        var wanted = asked ?? Platform.Host;
        var manifests = index.Manifests.Where(static entry => MediaTypes.IsManifest(entry.MediaType)).ToList();
        if (wanted.Choose(manifests, static entry => entry.Platform) is { } chosen)
            return chosen;

        // One without a platform may be meant for any; its configuration will tell.
        if (manifests.FindAll(static entry => entry.Platform is null) is [var only])
            return only;
        var offered = manifests.Select(static entry => entry.Platform?.ToString())
            .Where(static platform => platform is not (null or "unknown/unknown")).Distinct();
        throw new VitrineException(ErrorKind.NotFound,
            $"no matching manifest for {wanted} in the manifest list entries of {name.Familiar}: it has {string.Join(", ", offered)}");
    }

    private void CheckTypes(Manifest manifest)
    {
        if (!MediaTypes.IsConfig(manifest.Config.MediaType))
            throw new VitrineException(ErrorKind.Invalid, $"{name.Familiar} is no image but an artifact of type {manifest.ArtifactType ?? manifest.Config.MediaType}");
        foreach (var layer in manifest.Layers)
        {
            if (MediaTypes.IsForeignLayer(layer.MediaType))
                throw new VitrineException(ErrorKind.Invalid, $"{name.Familiar} has a foreign layer, which only its owner may distribute: {layer.Digest}");
            if (!MediaTypes.IsLayer(layer.MediaType))
                throw new VitrineException(ErrorKind.Invalid, $"{name.Familiar} has a layer of unsupported media type {layer.MediaType}");
        }
    }

    private void CheckConfig(Manifest manifest, ImageConfig config)
    {
        if (config.Os is { Length: > 0 } and not "linux")
            throw new VitrineException(ErrorKind.Invalid, $"image operating system \"{config.Os}\" cannot be used on this platform");
        if (config.RootFs.DiffIds.Count != manifest.Layers.Count)
            throw new VitrineException(ErrorKind.Invalid,
                $"malformed image: {manifest.Layers.Count} layers in its manifest, {config.RootFs.DiffIds.Count} in its configuration");
        if (asked is not null && config.Platform is { } platform && !asked.Accepts(platform))
            throw new VitrineException(ErrorKind.NotFound,
                $"image with reference {name.Familiar} was found but its platform ({platform}) does not match the specified platform ({asked})");
    }
}

/// <summary>What is to be pulled.</summary>
/// <param name="Digest">What the name leads to: the digest of the manifest, or of the index it was found through.</param>
/// <param name="Content">The exact bytes of the manifest.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Manifest">The manifest.</param>
/// <param name="ConfigContent">The exact bytes of the configuration.</param>
/// <param name="Config">The configuration.</param>
internal sealed record PullTarget(
    Digest Digest, byte[] Content, string MediaType, Manifest Manifest, byte[] ConfigContent, ImageConfig Config)
{
    /// <summary>The blobs of the layers in order, each with all the layers it is.</summary>
    public IReadOnlyList<PulledBlob> Blobs()
    {
        var chain = ChainId.Of(Config.RootFs.DiffIds);
        var blobs = new List<PulledBlob>();
        for (var i = 0; i < chain.Count; i++)
        {
            var blob = Manifest.Layers[i];
            var known = blobs.Find(other => other.Blob.Digest == blob.Digest);
            if (known is null)
                blobs.Add(known = new PulledBlob(blob, []));
            known.Layers.Add(new PulledLayer(Config.RootFs.DiffIds[i], [.. chain.Take(i + 1)]));
        }

        return blobs;
    }
}

/// <summary>A compressed layer, and what it is in the image: usually one layer, but the same change may recur on other ones.</summary>
internal sealed record PulledBlob(Descriptor Blob, List<PulledLayer> Layers);

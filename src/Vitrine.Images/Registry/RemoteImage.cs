using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images.Registry;

/// <summary>What a name leads to in its registry, without pulling it.</summary>
/// <param name="Content">Manifest or index, byte for byte.</param>
/// <param name="Descriptor">Its media type, digest and size.</param>
/// <param name="Platforms">What it runs on.</param>
public sealed record RemoteImage(byte[] Content, Descriptor Descriptor, IReadOnlyList<Platform> Platforms)
{
    /// <summary>Asks the registry.</summary>
    /// <exception cref="VitrineException">NotFound, Denied, Unavailable, in one line.</exception>
    public static async Task<RemoteImage> FindAsync(ImageReference name, RegistryOptions? options = null, CancellationToken cancellation = default)
    {
        var whole = name.WithDefaultTag();
        using var client = new RegistryClient(whole, options ?? RegistryOptions.Load(), RegistryScope.Pull);
        var fetched = await client.GetManifestAsync(whole.Digest?.ToString() ?? whole.Tag!, cancellation).ConfigureAwait(false);
        var document = ManifestParser.Parse(fetched.Content, fetched.MediaType);
        var descriptor = new Descriptor
        {
            MediaType = document.MediaType ?? fetched.MediaType ?? MediaTypes.OciManifest,
            Digest = fetched.Digest,
            Size = fetched.Content.Length,
        };
        return new RemoteImage(fetched.Content, descriptor, await PlatformsAsync(client, document, cancellation).ConfigureAwait(false));
    }

    /// <summary>All tags of a repository, in the registry's order.</summary>
    /// <exception cref="VitrineException">NotFound, Denied, Unavailable, in one line.</exception>
    public static async Task<IReadOnlyList<string>> TagsAsync(ImageReference repository, RegistryOptions? options = null, CancellationToken cancellation = default)
    {
        using var client = new RegistryClient(repository.WithDefaultTag(), options ?? RegistryOptions.Load(), RegistryScope.Pull);
        return await client.ListTagsAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<Platform>> PlatformsAsync(RegistryClient client, ManifestDocument document, CancellationToken cancellation)
    {
        if (document is ImageIndex index)
            return [.. index.Manifests.Where(static entry => entry.Platform is not null).Select(static entry => entry.Platform!)];
        if (document is not Manifest manifest || !MediaTypes.IsConfig(manifest.Config.MediaType))
            return [];
        var config = ImageConfig.Parse(await client.GetBlobAsync(manifest.Config, ImageStore.MaxConfigSize, cancellation).ConfigureAwait(false));
        return config.Platform is { } platform ? [platform] : [];
    }
}

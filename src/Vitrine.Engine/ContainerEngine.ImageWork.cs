using Vitrine.Engine.Docker;
using Vitrine.Images;
using Vitrine.Images.Registry;
using Vitrine.Oci;

namespace Vitrine.Engine;

/// <content>Images and registries.</content>
public sealed partial class ContainerEngine
{
    private const string NoImage = "<missing>";

    /// <summary>How an image came to be, newest step first.</summary>
    /// <exception cref="VitrineException">NotFound.</exception>
    public Task<IReadOnlyList<HistoryItem>> HistoryAsync(string image, CancellationToken cancellation = default) =>
        Blocking.Now<IReadOnlyList<HistoryItem>>(() =>
        {
            var found = _images.Value.Get(image);
            var items = new List<HistoryItem>();
            var layer = 0;
            foreach (var step in found.Config.History ?? [])
            {
                var chain = step.EmptyLayer || layer >= found.ChainIds.Count ? null : found.ChainIds[layer++];
                items.Insert(0, new HistoryItem
                {
                    Id = NoImage,
                    Created = step.Created?.ToUnixTimeSeconds() ?? 0,
                    CreatedBy = step.CreatedBy ?? "",
                    Comment = step.Comment ?? "",
                    Size = chain is not null && _images.Value.Layers.Contains(chain) ? _images.Value.Layers.Size(chain) : 0,
                });
            }

            if (items.Count == 0)
                items.Add(new HistoryItem { Id = NoImage, Created = found.Created.ToUnixTimeSeconds(), Size = found.Size });
            items[0] = items[0] with { Id = found.Id.ToString(), Tags = found.RepoTags.Count > 0 ? found.RepoTags : null };
            return items;
        }, cancellation);

    /// <summary>Pushes an image, or all tags of a repository, to its registry.</summary>
    /// <exception cref="VitrineException">NotFound, Invalid, Denied or Unavailable, in one line.</exception>
    public async Task<IReadOnlyList<PushResult>> PushImageAsync(string reference, PushOptions? push = null, CancellationToken cancellation = default)
    {
        var name = ImageReference.Parse(reference);
        var pushed = await _images.Value.PushAsync(name, push, cancellation).ConfigureAwait(false);
        foreach (var result in pushed)
            _happenings.Image("push", name.WithTag(result.Tag).Familiar, name.FamiliarRepository);
        return pushed;
    }

    /// <summary>Removes images that no container stands on: those without a tag, or all.</summary>
    /// <param name="filters">dangling (true where not given), until, label, label!.</param>
    /// <param name="cancellation">Honoured between images.</param>
    /// <exception cref="VitrineException">Invalid: an unknown filter.</exception>
    public Task<ImagePruneReport> PruneImagesAsync(IReadOnlyDictionary<string, IReadOnlyList<string>>? filters = null, CancellationToken cancellation = default) =>
        Blocking.Run(() => new ImagePrune(_images.Value, _options.Time.GetUtcNow(), [.. ImageUses().Select(static use => use.ImageId?.ToString() ?? "")])
            .Run(filters, RemoveForPrune, cancellation), cancellation);

    /// <summary>Asks a registry whether it takes a login.</summary>
    /// <exception cref="VitrineException">Denied; Unavailable.</exception>
    public static async Task<AuthResponse> LoginAsync(AuthConfig login, RegistryOptions? options = null, CancellationToken cancellation = default)
    {
        await RegistryLogin.CheckAsync(login.ServerAddress ?? "", Credentials(login) ?? new RegistryCredentials("", ""), options, cancellation).ConfigureAwait(false);
        return new AuthResponse { Status = "Login Succeeded" };
    }

    /// <summary>The login of an X-Registry-Auth header for <see cref="RegistryOptions.FindLogin"/>; null where it holds none.</summary>
    public static RegistryCredentials? Credentials(AuthConfig login)
    {
        if (login.IdentityToken is { Length: > 0 } || login.RegistryToken is { Length: > 0 })
            return new RegistryCredentials(login.Username ?? "", login.Password ?? "", login.IdentityToken, login.RegistryToken);
        if (login.Username is { Length: > 0 } user)
            return new RegistryCredentials(user, login.Password ?? "");
        return login.Auth is { Length: > 0 } auth ? RegistryCredentials.FromBasic(auth) : null;
    }

    /// <summary>Searches docker.io, or the registry that the term begins with.</summary>
    /// <param name="term">A word, or host/word.</param>
    /// <param name="limit">At most so many; 1 to 100.</param>
    /// <param name="filters">is-official, stars.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="VitrineException">Invalid; Unavailable: no search service answers.</exception>
    public static async Task<IReadOnlyList<SearchResult>> SearchAsync(string term, int limit = 25,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? filters = null, CancellationToken cancellation = default)
    {
        var wanted = SearchFilters.Parse(filters);
        var found = await RegistrySearch.FindAsync(term, limit, null, cancellation).ConfigureAwait(false);
        return [.. found.Where(wanted.Matches).Select(static image => new SearchResult
        {
            Name = image.Name,
            Description = image.Description,
            StarCount = image.Stars,
            IsOfficial = image.IsOfficial,
        })];
    }

    /// <summary>What a name leads to in its registry, without pulling it.</summary>
    /// <exception cref="VitrineException">NotFound, Denied, Unavailable.</exception>
    public static async Task<DistributionInspect> InspectDistributionAsync(string reference, RegistryOptions? options = null, CancellationToken cancellation = default)
    {
        var remote = await RemoteImage.FindAsync(ImageReference.Parse(reference), options, cancellation).ConfigureAwait(false);
        return new DistributionInspect
        {
            Descriptor = new() { MediaType = remote.Descriptor.MediaType, Digest = remote.Descriptor.Digest.ToString(), Size = remote.Descriptor.Size },
            Platforms = [.. remote.Platforms.Select(static platform => new PlatformInfo
            {
                Architecture = platform.Architecture,
                Os = platform.Os,
                OsVersion = platform.OsVersion,
                Variant = platform.Variant,
            })],
        };
    }

    private IReadOnlyList<ImageDeleteItem> RemoveForPrune(string image) => RemoveImageAsync(image).GetAwaiter().GetResult();
}

using Vitrine.Images.Push;
using Vitrine.Images.Registry;
using Vitrine.Linux;
using Vitrine.Oci;

namespace Vitrine.Images;

/// <content>Pushing to a registry.</content>
public sealed partial class ImageStore
{
    /// <summary>Pushes an image, or all tags of a repository that are here, to its registry.</summary>
    /// <param name="name">What to push, and where to; the tag <c>latest</c> where it has none.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Ends the push at any point; what the registry has by then, it may keep.</param>
    /// <exception cref="VitrineException">NotFound: no such image here. Invalid: a digest cannot be pushed to. Denied, Unavailable.</exception>
    public async Task<IReadOnlyList<PushResult>> PushAsync(ImageReference name, PushOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new PushOptions();
        if (name.Digest is not null)
            throw new VitrineException(ErrorKind.Invalid, "cannot push a digest reference");
        if (options.AllTags && name.Tag is not null)
            throw new VitrineException(ErrorKind.Invalid, "tag can't be used with --all-tags/-a");

        // Keeps the blobs where they are, and leaves everybody their names.
        using var held = BeginIngest(cancellation);
        var names = options.AllTags ? TagsOf(name) : [name.WithDefaultTag()];
        options.Progress?.Report(new ImageProgress($"The push refers to repository [{name.Repository}]"));
        var sources = SourcesOf(name);
        using var client = new RegistryClient(name, options.Registry ?? RegistryOptions.Load(), new RegistryScope(["pull", "push"], sources));
        var results = new List<PushResult>();
        foreach (var tagged in names)
            results.Add(await new ImagePush(this, client, tagged, options).RunAsync(sources, cancellation).ConfigureAwait(false));
        return results;
    }

    /// <summary>Notes by which digest the registry of a name knows an image; nothing where the image is gone.</summary>
    internal void AddDigest(ImageReference name, Digest imageId)
    {
        using var exclusive = FileLock.Acquire(_paths.IndexLock);
        var table = _index.Read();
        if (table.Of(imageId) is [var entry, ..] && table.Find(name)?.ImageId != imageId)
            _index.Write(table.With(name, entry));
    }

    private List<ImageReference> TagsOf(ImageReference repository)
    {
        var names = _index.Read().Entries.Select(static entry => entry.Name)
            .Where(name => name?.Tag is not null && name.Repository == repository.Repository).Select(static name => name!).ToList();
        return names.Count > 0 ? names : throw new VitrineException(ErrorKind.NotFound, $"An image does not exist locally with the tag: {repository.FamiliarRepository}");
    }

    /// <summary>Another repository of the same registry that an image of ours came from or went to: it may have the same layers.</summary>
    private List<string> SourcesOf(ImageReference target)
    {
        var layers = Find(target.WithDefaultTag().ToString())?.Config.RootFs.DiffIds ?? [];
        return [.. List().Where(image => layers.Count > 0 && image.Config.RootFs.DiffIds is [var lowest, ..] && lowest == layers[0])
            .SelectMany(static image => image.RepoDigests.Select(ImageReference.Parse))
            .Where(name => name.Registry == target.Registry && name.Path != target.Path).Select(static name => name.Path).Distinct().Take(1)];
    }
}

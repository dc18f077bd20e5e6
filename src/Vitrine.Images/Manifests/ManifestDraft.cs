using System.Text.Json;
using Vitrine.Images.Registry;
using Vitrine.Linux;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images.Manifests;

/// <summary>What to say of an image in a list; null leaves it.</summary>
public sealed record PlatformChange(string? Os, string? Architecture, string? Variant, string? OsVersion, IReadOnlyList<string>? OsFeatures);

/// <summary>
/// A list of images for several platforms that is put together on this machine and then pushed: a file of its own in the directory
/// <c>manifests</c> beside docker's config.json, until it is pushed with purge or removed.
/// </summary>
/// <param name="name">The list's name.</param>
/// <param name="configDirectory">Docker's client configuration.</param>
/// <param name="options">How registries are reached.</param>
public sealed class ManifestDraft(ImageReference name, string configDirectory, RegistryOptions options)
{
    private const string SourceKey = "io.vitrine.manifest.source";

    private readonly ImageReference _name = name.WithDefaultTag();

    private string File => Path.Combine(configDirectory, "manifests", Uri.EscapeDataString(_name.ToString()) + ".json");

    /// <summary>Whether it is there.</summary>
    public bool Exists => System.IO.File.Exists(File);

    /// <summary>Makes the list, or adds to it.</summary>
    /// <param name="images">Images of registries.</param>
    /// <param name="amend">Whether a list that is there may be added to.</param>
    /// <param name="cancellation">Ends asking the registries.</param>
    /// <exception cref="VitrineException">Conflict: it is there. NotFound, Denied, Unavailable: of an image.</exception>
    public async Task CreateAsync(IEnumerable<ImageReference> images, bool amend, CancellationToken cancellation)
    {
        if (Exists && !amend)
            throw new VitrineException(ErrorKind.Conflict, "refusing to amend an existing manifest list with no --amend flag");
        var entries = Exists ? Read().ToList() : [];
        foreach (var image in images.Select(static image => image.WithDefaultTag()))
        {
            var remote = await RemoteImage.FindAsync(image, options, cancellation).ConfigureAwait(false);
            if (!MediaTypes.IsManifest(remote.Descriptor.MediaType))
                throw new VitrineException(ErrorKind.Invalid, $"{image.Familiar} is a manifest list itself: name the images in it by digest");
            entries.RemoveAll(entry => entry.Annotation(SourceKey) == image.ToString());
            entries.Add(remote.Descriptor with
            {
                Platform = remote.Platforms is [var platform, ..] ? platform : null,
                Annotations = new Dictionary<string, string> { [SourceKey] = image.ToString() },
            });
        }

        Write(entries);
    }

    /// <summary>Says what an image of the list runs on.</summary>
    /// <exception cref="VitrineException">NotFound: no such list, or the image is not in it. Invalid: no platform.</exception>
    public void Annotate(ImageReference image, PlatformChange change)
    {
        var source = image.WithDefaultTag();
        var entries = Read().ToList();
        var index = entries.FindIndex(entry => entry.Annotation(SourceKey) == source.ToString());
        if (index < 0)
            throw new VitrineException(ErrorKind.NotFound, $"manifest for image {source.Familiar} does not exist in {_name.Familiar}");
        var before = entries[index].Platform;
        entries[index] = entries[index] with
        {
            Platform = new Platform
            {
                Os = change.Os ?? before?.Os ?? Platform.Host.Os,
                Architecture = change.Architecture ?? before?.Architecture ?? Platform.Host.Architecture,
                Variant = change.Variant ?? before?.Variant,
                OsVersion = change.OsVersion ?? before?.OsVersion,
                OsFeatures = change.OsFeatures is { Count: > 0 } ? change.OsFeatures : before?.OsFeatures,
            },
        };
        Write(entries);
    }

    /// <summary>Pushes the list; what it points to is taken over from other repositories of the registry.</summary>
    /// <returns>The list's digest.</returns>
    /// <exception cref="VitrineException">NotFound: no such list. Invalid: an image of another registry. Denied, Unavailable.</exception>
    public async Task<Digest> PushAsync(CancellationToken cancellation)
    {
        var entries = Read();
        var sources = entries.Select(static entry => ImageReference.Parse(entry.Annotation(SourceKey)!)).ToList();
        if (sources.Find(source => source.Registry != _name.Registry) is { } foreign)
            throw new VitrineException(ErrorKind.Invalid, $"{foreign.Familiar} is in another registry than {_name.Familiar}: push it there first");
        var others = sources.Select(static source => source.Path).Where(path => path != _name.Path).Distinct().ToList();
        using var client = new RegistryClient(_name, options, new RegistryScope(["pull", "push"], others));
        await client.HeadManifestAsync(_name.Tag!, cancellation).ConfigureAwait(false);
        foreach (var (entry, source) in entries.Zip(sources))
        {
            if (source.Path != _name.Path)
                await TakeOverAsync(client, entry, source, cancellation).ConfigureAwait(false);
        }

        var index = new ImageIndex
        {
            MediaType = entries.Any(static entry => entry.MediaType == MediaTypes.OciManifest) ? MediaTypes.OciIndex : MediaTypes.DockerManifestList,
            Manifests = [.. entries.Select(static entry => entry with { Annotations = null })],
        };
        var content = JsonSerializer.SerializeToUtf8Bytes(index, ImageJson.Default.ImageIndex);
        await client.PutManifestAsync(_name.Tag!, content, index.MediaType, cancellation).ConfigureAwait(false);
        return Digest.Of(content);
    }

    /// <summary>Forgets the list.</summary>
    /// <exception cref="VitrineException">NotFound.</exception>
    public void Remove()
    {
        if (!Exists)
            throw NoSuchList();
        System.IO.File.Delete(File);
    }

    private async Task TakeOverAsync(RegistryClient client, Descriptor entry, ImageReference source, CancellationToken cancellation)
    {
        var remote = await RemoteImage.FindAsync(source.WithDigest(entry.Digest), options, cancellation).ConfigureAwait(false);
        var manifest = (Manifest)ManifestParser.Parse(remote.Content, entry.MediaType);
        foreach (var blob in manifest.Layers.Append(manifest.Config))
        {
            if (!await client.HasBlobAsync(blob.Digest, cancellation).ConfigureAwait(false)
                && await client.BeginUploadAsync(blob.Digest, source.Path, cancellation).ConfigureAwait(false) is not null)
            {
                throw new VitrineException(ErrorKind.Unavailable, $"{_name.Registry} does not take layers over from {source.Path}: push {source.Familiar} to {_name.FamiliarRepository} first");
            }
        }

        await client.PutManifestAsync(entry.Digest.ToString(), remote.Content, entry.MediaType, cancellation).ConfigureAwait(false);
    }

    private IReadOnlyList<Descriptor> Read()
    {
        if (!Exists)
            throw NoSuchList();
        var document = ManifestParser.Parse(System.IO.File.ReadAllBytes(File), MediaTypes.OciIndex);
        return (document as ImageIndex)?.Manifests ?? throw new VitrineException(ErrorKind.Internal, $"{File} is no manifest list");
    }

    private void Write(IReadOnlyList<Descriptor> entries)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        var index = new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = entries };
        AtomicFile.Write(File, JsonSerializer.SerializeToUtf8Bytes(index, ImageJson.Default.ImageIndex), durable: true);
    }

    private VitrineException NoSuchList() => new(ErrorKind.NotFound, $"No such manifest: {_name.Familiar}");
}

using Vitrine.Engine.Docker;
using Vitrine.Images;
using Vitrine.Images.Registry;
using Vitrine.Oci;

namespace Vitrine.Engine;

/// <content>Images: the store's verbs with Docker's records.</content>
public sealed partial class ContainerEngine
{
    /// <summary>The image store itself, for what has no verb here.</summary>
    public ImageStore Images => _images.Value;

    /// <summary>Pulls an image from its registry.</summary>
    /// <param name="reference">Its name; the tag latest where it has neither tag nor digest.</param>
    /// <param name="pull">How, and who is told of the progress.</param>
    /// <param name="cancellation">Ends the pull at any point and leaves nothing behind.</param>
    /// <exception cref="VitrineException">Invalid, NotFound, Denied or Unavailable, in one line.</exception>
    public async Task<PullResult> PullImageAsync(string reference, PullOptions? pull = null, CancellationToken cancellation = default)
    {
        var wanted = ImageReference.Parse(reference);
        var pulled = await _images.Value.PullAsync(wanted, pull, cancellation).ConfigureAwait(false);
        _happenings.Image("pull", wanted.WithDefaultTag().Familiar, wanted.FamiliarRepository, pulled.Image.Config.Config?.Labels);
        return pulled;
    }

    /// <summary>Pulls all tags of a repository.</summary>
    /// <exception cref="VitrineException">NotFound, Denied or Unavailable, in one line; tags before the failing one are here then.</exception>
    public async Task PullAllTagsAsync(ImageReference repository, PullOptions? pull = null, CancellationToken cancellation = default)
    {
        var isNewer = false;
        foreach (var tag in await RemoteImage.TagsAsync(repository, pull?.Registry, cancellation).ConfigureAwait(false))
            isNewer |= (await PullImageAsync(repository.WithTag(tag).ToString(), (pull ?? new PullOptions()) with { TellsStatus = false }, cancellation).ConfigureAwait(false)).IsNewer;
        pull?.Progress?.Report(PullResult.Status(repository, isNewer));
    }

    /// <summary>Loads the images of a docker or OCI archive, plain or compressed.</summary>
    /// <exception cref="VitrineException">Invalid: not an image archive, or damaged.</exception>
    public async Task<IReadOnlyList<LoadedImage>> LoadImagesAsync(Stream archive, IProgress<ImageProgress>? progress = null,
        IReadOnlyList<Platform>? platforms = null, CancellationToken cancellation = default)
    {
        var loaded = await _images.Value.LoadAsync(archive, progress, platforms, cancellation).ConfigureAwait(false);
        foreach (var image in loaded)
            _happenings.Image("load", image.Id.ToString(), image.Id.ToString());
        return loaded;
    }

    /// <summary>Writes images to one archive that is both an OCI layout and a docker archive.</summary>
    /// <exception cref="VitrineException">NotFound.</exception>
    public async Task SaveImagesAsync(IReadOnlyList<string> images, Stream output, CancellationToken cancellation = default)
    {
        await _images.Value.SaveAsync(images, output, cancellation).ConfigureAwait(false);
        foreach (var image in images)
            _happenings.Image("save", _images.Value.Find(image)?.Id.ToString() ?? image, image);
    }

    /// <summary>Makes an image of one layer from the tar archive of a root file system.</summary>
    /// <returns>The image's id, sha256:...</returns>
    /// <exception cref="VitrineException">Invalid: no tar archive, or a change that is no instruction.</exception>
    public async Task<string> ImportImageAsync(Stream archive, ImageImportOptions? import = null, CancellationToken cancellation = default)
    {
        var id = (await _images.Value.ImportAsync(archive, import ?? new ImageImportOptions(), cancellation).ConfigureAwait(false)).ToString();
        _happenings.Image("import", id, id);
        return id;
    }

    /// <summary>The images of the store, newest first.</summary>
    /// <exception cref="VitrineException">Invalid: no such filter; NotFound for before and since.</exception>
    public Task<IReadOnlyList<ImageSummary>> ListImagesAsync(ImageListOptions? list = null, CancellationToken cancellation = default) =>
        Blocking.Now<IReadOnlyList<ImageSummary>>(() =>
        {
            var counts = list is { CountContainers: true } ? _containers.All().CountBy(found => found.Record.ImageId).ToDictionary() : null;
            var filters = new ImageFilters(list?.Filters ?? new Dictionary<string, IReadOnlyList<string>>(), _images.Value.Get, _options.Time.GetUtcNow()).Checked();
            var all = _images.Value.List();
            var users = list is { SharedSize: true } ? all.SelectMany(image => image.ChainIds.Distinct()).CountBy(chain => chain).ToDictionary() : null;
            return
            [
                .. all.Where(filters.Matches).Select(filters.Narrow).Select(image => ImageRecords.Summary(image, counts?.GetValueOrDefault(image.Id.ToString()) ?? -1) with
                {
                    SharedSize = users is null ? -1 : image.ChainIds.Where(chain => users[chain] > 1 && _images.Value.Layers.Contains(chain)).Sum(_images.Value.Layers.Size),
                }),
            ];
        }, cancellation);

    /// <summary>Everything about one image.</summary>
    /// <exception cref="VitrineException">NotFound.</exception>
    public Task<ImageInspect> InspectImageAsync(string image, CancellationToken cancellation = default) =>
        Blocking.Now(() => ImageRecords.Inspect(_images.Value.Get(image), _store.Paths.Layer), cancellation);

    /// <summary>Gives an image a further name.</summary>
    /// <exception cref="VitrineException">NotFound; Invalid: not a name.</exception>
    public Task TagImageAsync(string image, string target, CancellationToken cancellation = default) =>
        Blocking.Now(() =>
        {
            var name = ImageReference.Parse(target);
            _images.Value.Tag(image, name);
            _happenings.Image("tag", _images.Value.Get(target).Id.ToString(), name.WithDefaultTag().Familiar);
            return true;
        }, cancellation);

    /// <summary>Takes a name from an image, and the image with its last name.</summary>
    /// <param name="image">Name or id.</param>
    /// <param name="force">Also where stopped containers use it, or several names by id.</param>
    /// <param name="cancellation">Honoured until the removal begins.</param>
    /// <exception cref="VitrineException">NotFound; Conflict: it is in use.</exception>
    public Task<IReadOnlyList<ImageDeleteItem>> RemoveImageAsync(string image, bool force = false, CancellationToken cancellation = default) =>
        Blocking.Now<IReadOnlyList<ImageDeleteItem>>(() =>
        {
            var id = _images.Value.Find(image)?.Id.ToString() ?? "";
            var done = _images.Value.Remove(image, force);
            foreach (var step in done.Where(step => step.Untagged is not null || step.Deleted == id))
                _happenings.Image(step.Deleted is null ? "untag" : "delete", id, id);
            return [.. done.Select(step => new ImageDeleteItem { Untagged = step.Untagged, Deleted = step.Deleted })];
        }, cancellation);
}

using Vitrine.Engine.Docker;
using Vitrine.Images;
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
    public Task<PullResult> PullImageAsync(string reference, PullOptions? pull = null, CancellationToken cancellation = default) =>
        _images.Value.PullAsync(ImageReference.Parse(reference), pull, cancellation);

    /// <summary>Loads the images of a docker or OCI archive, plain or compressed.</summary>
    /// <exception cref="VitrineException">Invalid: not an image archive, or damaged.</exception>
    public Task<IReadOnlyList<LoadedImage>> LoadImagesAsync(Stream archive, IProgress<ImageProgress>? progress = null, CancellationToken cancellation = default) =>
        _images.Value.LoadAsync(archive, progress, cancellation);

    /// <summary>Writes images to one archive that is both an OCI layout and a docker archive.</summary>
    /// <exception cref="VitrineException">NotFound.</exception>
    public Task SaveImagesAsync(IReadOnlyList<string> images, Stream output, CancellationToken cancellation = default) =>
        _images.Value.SaveAsync(images, output, cancellation);

    /// <summary>Makes an image of one layer from the tar archive of a root file system.</summary>
    /// <returns>The image's id, sha256:...</returns>
    /// <exception cref="VitrineException">Invalid: no tar archive, or a change that is no instruction.</exception>
    public async Task<string> ImportImageAsync(Stream archive, ImageImportOptions? import = null, CancellationToken cancellation = default) =>
        (await _images.Value.ImportAsync(archive, import ?? new ImageImportOptions(), cancellation).ConfigureAwait(false)).ToString();

    /// <summary>The images of the store, newest first.</summary>
    public Task<IReadOnlyList<ImageSummary>> ListImagesAsync(ImageListOptions? list = null, CancellationToken cancellation = default) =>
        Blocking.Now<IReadOnlyList<ImageSummary>>(() =>
        {
            var counts = _containers.All().CountBy(found => found.Record.ImageId).ToDictionary();
            var filters = new ImageFilters(list?.Filters ?? new Dictionary<string, IReadOnlyList<string>>(), _images.Value.Get, _options.Time.GetUtcNow());
            return [.. _images.Value.List().Where(filters.Matches).Select(filters.Narrow).Select(image => ImageRecords.Summary(image, counts.GetValueOrDefault(image.Id.ToString())))];
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
            _images.Value.Tag(image, ImageReference.Parse(target));
            return true;
        }, cancellation);

    /// <summary>Takes a name from an image, and the image with its last name.</summary>
    /// <param name="image">Name or id.</param>
    /// <param name="force">Also where stopped containers use it, or several names by id.</param>
    /// <param name="cancellation">Honoured until the removal begins.</param>
    /// <exception cref="VitrineException">NotFound; Conflict: it is in use.</exception>
    public Task<IReadOnlyList<ImageDeleteItem>> RemoveImageAsync(string image, bool force = false, CancellationToken cancellation = default) =>
        Blocking.Now<IReadOnlyList<ImageDeleteItem>>(() =>
            [.. _images.Value.Remove(image, force).Select(done => new ImageDeleteItem { Untagged = done.Untagged, Deleted = done.Deleted })],
            cancellation);
}

using Vitrine.Engine.Docker;

namespace Vitrine.Engine;

/// <content>Images: the store's verbs with Docker's records.</content>
public sealed partial class ContainerEngine
{
    /// <summary>The images of the store, newest first.</summary>
    public Task<IReadOnlyList<ImageSummary>> ListImagesAsync(ImageListOptions? list = null,
        CancellationToken cancellation = default) => throw Later(nameof(ListImagesAsync));

    /// <summary>Everything about one image.</summary>
    public Task<ImageInspect> InspectImageAsync(string image, CancellationToken cancellation = default) =>
        throw Later(nameof(InspectImageAsync));

    /// <summary>Gives an image a further name.</summary>
    public Task TagImageAsync(string image, string target, CancellationToken cancellation = default) =>
        throw Later(nameof(TagImageAsync));

    /// <summary>Takes a name from an image, and the image with its last name.</summary>
    /// <param name="image">Name or id.</param>
    /// <param name="force">Also where stopped containers use it, or several names by id.</param>
    /// <param name="cancellation">Honoured until the removal begins.</param>
    public Task<IReadOnlyList<ImageDeleteItem>> RemoveImageAsync(string image, bool force = false,
        CancellationToken cancellation = default) => throw Later(nameof(RemoveImageAsync));
}

/// <summary>Which images to list.</summary>
public sealed record ImageListOptions
{
    /// <summary>Docker's filters: dangling, label, before, since, reference, until.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Filters { get; init; }
}

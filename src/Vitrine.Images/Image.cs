using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images;

/// <summary>One image of the store, as it was when it was looked up.</summary>
public sealed record Image
{
    /// <summary>Docker's image id: the digest of the configuration.</summary>
    public required Digest Id { get; init; }

    /// <summary>The manifest in the store's blobs.</summary>
    public required Descriptor Manifest { get; init; }

    public required ImageConfig Config { get; init; }

    /// <summary>The chain ids of the layers, bottom first: the names of their directories.</summary>
    public required IReadOnlyList<Digest> ChainIds { get; init; }

    /// <summary>Absolute directories of the unpacked layers, bottom first.</summary>
    public required IReadOnlyList<string> LayerDirectories { get; init; }

    /// <summary>Names with a tag as people write them, e.g. <c>nginx:latest</c>.</summary>
    public required IReadOnlyList<string> RepoTags { get; init; }

    /// <summary>Names with the digest the registry gave, e.g. <c>nginx@sha256:…</c>.</summary>
    public required IReadOnlyList<string> RepoDigests { get; init; }

    /// <summary>Bytes of the unpacked layers together.</summary>
    public required long Size { get; init; }

    /// <summary>When it was built; the beginning of time where the image does not say.</summary>
    public DateTimeOffset Created => Config.Created ?? DateTimeOffset.MinValue;

    /// <summary>Whether no tag leads to it any more.</summary>
    public bool IsDangling => RepoTags.Count == 0;
}

/// <summary>A container that stands on an image; the engine tells the store, which knows nothing of containers.</summary>
/// <param name="ImageId">The image it was created from.</param>
/// <param name="ContainerId">The container.</param>
/// <param name="IsRunning">Whether it runs or is paused.</param>
/// <param name="Layers">The chain ids its root file system is made of: kept even when the image is removed.</param>
public sealed record ImageUse(Digest? ImageId, string ContainerId, bool IsRunning, IReadOnlyList<Digest> Layers);

/// <summary>One thing a removal did; exactly one of the two is set.</summary>
/// <param name="Untagged">A name that led to the image.</param>
/// <param name="Deleted">The image id, or the chain id of a layer.</param>
public sealed record ImageRemoval(string? Untagged, string? Deleted);

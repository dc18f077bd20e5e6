using Vitrine.Images.Registry;
using Vitrine.Oci;

namespace Vitrine.Images;

/// <summary>How to pull an image.</summary>
public sealed record PullOptions
{
    /// <summary>The platform asked for, or null for this host's.</summary>
    public Platform? Platform { get; init; }

    /// <summary>Told of every step, from several threads at once.</summary>
    public IProgress<ImageProgress>? Progress { get; init; }

    /// <summary>Whether <see cref="Progress"/> is told at the end if the image is newer; not where it is one of many.</summary>
    public bool TellsStatus { get; init; } = true;

    /// <summary>How many layers are transferred at once.</summary>
    public int Parallelism { get; init; } = 3;

    /// <summary>Which registries are plain http, mirrored, and how to log in; null reads the machine's configuration.</summary>
    public RegistryOptions? Registry { get; init; }
}

/// <summary>What a pull brought.</summary>
/// <param name="Image">The image, now in the store.</param>
/// <param name="Digest">What the registry's name leads to: the digest of a manifest or of an index.</param>
/// <param name="IsNewer">Whether the name led elsewhere, or nowhere, before.</param>
public sealed record PullResult(Image Image, Digest Digest, bool IsNewer)
{
    /// <summary>The last line of a pull.</summary>
    public static ImageProgress Status(ImageReference name, bool isNewer) =>
        new($"Status: {(isNewer ? "Downloaded newer image" : "Image is up to date")} for {name.Familiar}");
}

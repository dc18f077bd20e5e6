using Vitrine.Images.Registry;
using Vitrine.Oci;

namespace Vitrine.Images;

/// <summary>How to push an image.</summary>
public sealed record PushOptions
{
    /// <summary>All tags of the repository that are here.</summary>
    public bool AllTags { get; init; }

    /// <summary>The platform the image must have, or null.</summary>
    public Platform? Platform { get; init; }

    /// <summary>Told of every step, from several threads at once.</summary>
    public IProgress<ImageProgress>? Progress { get; init; }

    /// <summary>How many layers are transferred at once.</summary>
    public int Parallelism { get; init; } = 5;

    /// <summary>Which registries are plain http, and how to log in; null reads the machine's configuration.</summary>
    public RegistryOptions? Registry { get; init; }
}

/// <summary>What was pushed.</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="Size">The manifest's length in bytes.</param>
public sealed record PushResult(string Tag, Digest Digest, long Size);

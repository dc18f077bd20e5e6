using Vitrine.Insight.Host;

namespace Vitrine.Insight.Stores;

/// <summary>What an engine's files say of a container; each may be missing.</summary>
internal sealed record ContainerRecord
{
    public string? Engine { get; init; }
    public string? Name { get; init; }
    public string? Image { get; init; }
    public KubernetesPlace? Kubernetes { get; init; }

    /// <summary>The image's id, where the engine's record has one.</summary>
    public string? ImageId { get; init; }

    /// <summary>Reads more of the image than lists need; null where the engine's files do not lead there.</summary>
    public Func<StoredImage?>? ReadImage { get; init; }

    /// <summary>Ports of the host that the engine leads to the container.</summary>
    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    /// <summary>The OCI runtime that the engine starts it with: a name or a path.</summary>
    public string? Runtime { get; init; }

    /// <summary>Paths as this reader opens them: config.json, and others that repeat the environment in clear.</summary>
    public string? SpecPath { get; init; }
    public IReadOnlyList<string> FilesWithEnvironment { get; init; } = [];

    /// <summary>This record, and of another what this one does not say.</summary>
    public ContainerRecord Or(ContainerRecord? other) => other is null ? this : this with
    {
        Engine = Engine ?? other.Engine,
        Name = Name ?? other.Name,
        Image = Image ?? other.Image,
        Kubernetes = Kubernetes ?? other.Kubernetes,
        ImageId = ImageId ?? other.ImageId,
        ReadImage = ReadImage ?? other.ReadImage,
        Ports = Ports.Count > 0 ? Ports : other.Ports,
        Runtime = Runtime ?? other.Runtime,
        SpecPath = SpecPath ?? other.SpecPath,
        FilesWithEnvironment = [.. FilesWithEnvironment, .. other.FilesWithEnvironment],
    };
}

using Vitrine.Insight.Host;

namespace Vitrine.Insight.Stores;

/// <summary>What an engine's files say of a container; each may be missing.</summary>
internal sealed record ContainerRecord
{
    public string? Engine { get; init; }
    public string? Name { get; init; }
    public string? Image { get; init; }
    public KubernetesPlace? Kubernetes { get; init; }

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
        SpecPath = SpecPath ?? other.SpecPath,
        FilesWithEnvironment = [.. FilesWithEnvironment, .. other.FilesWithEnvironment],
    };
}

using Vitrine.Engine.Docker;

namespace Vitrine.Engine;

/// <summary>How to make an image of a container (POST /commit).</summary>
public sealed record CommitOptions
{
    /// <summary>The name to give it: repository[:tag]; null gives none.</summary>
    public string? Name { get; init; }
    public string? Comment { get; init; }
    public string? Author { get; init; }

    /// <summary>Dockerfile instructions for its configuration.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>Settings in place of the container's, where they are not empty.</summary>
    public ContainerConfig? Config { get; init; }

    /// <summary>Stop all processes of a running container meanwhile.</summary>
    public bool Pause { get; init; } = true;
}

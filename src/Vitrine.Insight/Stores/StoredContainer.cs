namespace Vitrine.Insight.Stores;

/// <summary>A container as an engine's files describe it.</summary>
public sealed record StoredContainer
{
    public required string Id { get; init; }
    public string Name { get; init; } = "";

    /// <summary>The image's reference as the user gave it.</summary>
    public string Image { get; init; } = "";

    /// <summary>Digest of the image's configuration; empty where the root file system is a directory.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>The chain ids of the unpacked layers, bottom first.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>Its directory in the store.</summary>
    public string Directory { get; init; } = "";

    /// <summary>Host pid of its first process; 0 where none runs.</summary>
    public int Pid { get; init; }

    public bool IsRunning => Pid > 0;
}

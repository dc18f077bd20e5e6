namespace Vitrine.Engine;

/// <summary>Which images to list.</summary>
public sealed record ImageListOptions
{
    /// <summary>Docker's filters: dangling, label, before, since, reference, until.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Filters { get; init; }

    /// <summary>Whether to tell how many bytes of each are in other images too.</summary>
    public bool SharedSize { get; init; }

    /// <summary>Whether to count each one's containers, which reads them all.</summary>
    public bool CountContainers { get; init; }
}

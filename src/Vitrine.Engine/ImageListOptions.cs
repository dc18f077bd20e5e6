namespace Vitrine.Engine;

/// <summary>Which images to list.</summary>
public sealed record ImageListOptions
{
    /// <summary>Docker's filters: dangling, label, before, since, reference, until.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Filters { get; init; }
}

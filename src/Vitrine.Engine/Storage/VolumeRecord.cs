namespace Vitrine.Engine.Storage;

/// <summary>volume.json beside a volume's _data.</summary>
internal sealed record VolumeRecord
{
    public required string Name { get; init; }
    public DateTimeOffset Created { get; init; }

    /// <summary>Made for one container, without a name given by a user.</summary>
    public bool Anonymous { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

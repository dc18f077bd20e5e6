namespace Vitrine.Insight.Control;

/// <summary>A setting to be made, as it was asked for and as it is written.</summary>
public sealed record ControlChange
{
    public required string Name { get; init; }

    /// <summary>What the user wrote.</summary>
    public required string Asked { get; init; }

    /// <summary>The value in the form that the file of that name takes.</summary>
    public required string Value { get; init; }

    /// <summary>The writes that do it, in order.</summary>
    public required IReadOnlyList<ControlWrite> Writes { get; init; }

    /// <summary>How the value was translated; null where the file has the name that was asked for.</summary>
    public string? Formula { get; init; }

    /// <summary>What was made of a percentage.</summary>
    public string? Note { get; init; }

    /// <summary>What the setting was before, under the name that was asked for; null where that cannot be read.</summary>
    public string? Before { get; init; }

    /// <summary>What it is now.</summary>
    public string? After { get; init; }

    /// <summary>Whether the kernel made something else of the value than what was written.</summary>
    public bool Differs { get; init; }
}

namespace Vitrine.Insight.Control;

/// <summary>A write to a control file.</summary>
public readonly record struct ControlWrite(string File, string Value);

/// <summary>
/// A setting that one version of cgroups has under another name or on another scale. Values come and go in the form that
/// the file of that name has.
/// </summary>
/// <param name="V1">Its name in v1.</param>
/// <param name="V2">Its name in v2.</param>
/// <param name="Formula">How the v1 value becomes the v2 value, and back.</param>
internal sealed record Counterpart(string V1, string V2, string Formula)
{
    /// <summary>What the v2 file would say, from v1's files; null where they are not there.</summary>
    public required Func<IControlFiles, string?> ReadV2 { get; init; }

    /// <summary>What the v1 file would say, from v2's files; null where they are not there.</summary>
    public required Func<IControlFiles, string?> ReadV1 { get; init; }

    /// <summary>The writes to v1's files that do what writing a value to the v2 file would.</summary>
    public Func<IControlFiles, string, IReadOnlyList<ControlWrite>>? WriteV2 { get; init; }

    /// <summary>The writes to v2's files that do what writing a value to the v1 file would.</summary>
    public Func<IControlFiles, string, IReadOnlyList<ControlWrite>>? WriteV1 { get; init; }

    /// <summary>Its name in the other version.</summary>
    public string Other(string name) => name == V1 ? V2 : V1;

    /// <summary>What the file <paramref name="name"/> would say, from the other version's.</summary>
    public string? Read(string name, IControlFiles files) => name == V1 ? ReadV1(files) : ReadV2(files);

    /// <summary>The writes to the other version's files for the file <paramref name="name"/>; null where it cannot be set there.</summary>
    public IReadOnlyList<ControlWrite>? Write(string name, IControlFiles files, string value) =>
        (name == V1 ? WriteV1 : WriteV2)?.Invoke(files, value);
}

namespace Vitrine.Cli.CommandLine;

/// <summary>An entry of the verb table.</summary>
/// <param name="Summary">One line of help.</param>
/// <param name="Create">Makes the verb.</param>
/// <param name="Forms">What it is called by, words parted by a blank: <c>container run</c>, <c>run</c>.</param>
internal sealed record Command(string Summary, Func<Verb> Create, params string[] Forms)
{
    /// <summary>Whether the overview lists it among the first.</summary>
    public bool IsCommon { get; init; }

    /// <summary>Whether help leaves it out.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Its name among the top-level verbs, or null.</summary>
    public string? TopLevelName => Array.Find(Forms, form => !form.Contains(' ', StringComparison.Ordinal));

    /// <summary>Its first name in a group, or null.</summary>
    public string? NameIn(string group) =>
        Array.Find(Forms, form => form.StartsWith(group + " ", StringComparison.Ordinal))?[(group.Length + 1)..];
}

/// <summary>A word that only leads to other verbs.</summary>
internal sealed record CommandGroup(string Name, string Summary);

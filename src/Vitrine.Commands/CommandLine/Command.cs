namespace Vitrine.Commands.CommandLine;

/// <summary>An entry of the verb table.</summary>
/// <param name="Summary">One line of help.</param>
/// <param name="Create">Makes the verb; null where another program has it.</param>
/// <param name="Forms">What it is called by, words parted by a blank: <c>container run</c>, <c>run</c>.</param>
public sealed record Command(string Summary, Func<VerbGrammar>? Create, params string[] Forms)
{
    /// <summary>The program beside this one that has the verb, or null.</summary>
    public string? Program { get; init; }

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
public sealed record CommandGroup(string Name, string Summary);

/// <summary>All that a program can be asked for.</summary>
public sealed record CommandSet(IReadOnlyList<CommandGroup> Groups, IReadOnlyList<Command> Commands)
{
    /// <summary>The command of a form such as <c>container run</c>, or null.</summary>
    public Command? Find(string form)
    {
        foreach (var command in Commands)
        {
            if (Array.IndexOf(command.Forms, form) >= 0)
                return command;
        }

        return null;
    }

    /// <summary>The group of a name, or null.</summary>
    public CommandGroup? FindGroup(string name) => Groups.FirstOrDefault(g => g.Name == name);
}

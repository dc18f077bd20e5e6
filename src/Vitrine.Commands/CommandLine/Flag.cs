namespace Vitrine.Commands.CommandLine;

/// <summary>One option of a verb.</summary>
/// <param name="name">The long name, without dashes.</param>
/// <param name="shorthand">The one-letter name, or <see cref="None"/>.</param>
/// <param name="typeName">The kind of value that the help shows; empty for a switch.</param>
/// <param name="description">One line of help.</param>
public abstract class Flag(string name, char shorthand, string typeName, string description)
{
    /// <summary>The shorthand of a flag that has none.</summary>
    public const char None = '\0';

    public string Name { get; } = name;

    public char Shorthand { get; } = shorthand;

    public string TypeName { get; } = typeName;

    public string Description { get; } = description;

    /// <summary>The default as the help shows it, or null where it is not worth saying.</summary>
    public string? DefaultText { get; init; }

    /// <summary>Further long names, not shown.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether the help leaves it out.</summary>
    public bool IsHidden { get; init; }

    /// <summary>The value of the flag given without one, or null where it needs one.</summary>
    public virtual string? ImpliedValue => null;

    /// <summary>Why giving it changes nothing, where that is so; for docs/docker-compatibility.md.</summary>
    public string? WithoutEffect { get; init; }

    /// <summary>Whether the command line gave it.</summary>
    public bool IsSet { get; private set; }

    /// <summary>Takes a value from the command line.</summary>
    /// <exception cref="UsageException">The value is not one it takes.</exception>
    public void Set(string text)
    {
        try
        {
            Accept(text);
        }
        catch (FlagValueException e)
        {
            var names = Shorthand == None ? $"--{Name}" : $"-{Shorthand}, --{Name}";
            throw new UsageException($"invalid argument \"{text}\" for \"{names}\" flag: {e.Message}");
        }

        IsSet = true;
    }

    /// <summary>Parses and keeps a value.</summary>
    protected abstract void Accept(string text);
}

/// <summary>A switch: <c>--rm</c>, <c>--rm=false</c>.</summary>
public sealed class BoolFlag(string name, char shorthand, string description) : Flag(name, shorthand, "", description)
{
    public bool Value { get; set; }

    public override string? ImpliedValue => "true";

    protected override void Accept(string text) => Value = GoValue.ParseBool(text);
}

/// <summary>A flag with one value; the last one given counts.</summary>
public sealed class ValueFlag<T>(string name, char shorthand, string typeName, string description, Func<string, T> parse)
    : Flag(name, shorthand, typeName, description)
{
    public T? Value { get; set; }

    protected override void Accept(string text) => Value = parse(text);
}

/// <summary>A flag that may be given many times; all values are kept, in order.</summary>
public sealed class ListFlag<T>(string name, char shorthand, string typeName, string description, Func<string, T> parse)
    : Flag(name, shorthand, typeName, description)
{
    private readonly List<T> _values = [];

    public IReadOnlyList<T> Values => _values;

    /// <summary>The values, or null where none was given.</summary>
    public IReadOnlyList<T>? ValuesOrNull => _values.Count == 0 ? null : _values;

    protected override void Accept(string text) => _values.Add(parse(text));
}

/// <summary>A flag of docker's that this version knows by name and refuses, with the reason: never ignored in silence.</summary>
public sealed class RefusedFlag(string name, char shorthand, string typeName, string reason) : Flag(name, shorthand, typeName, "")
{
    /// <summary>Why, as it follows the flag's name.</summary>
    public string Reason { get; } = reason;

    /// <summary>Whether docker, on Linux and without swarm, refuses it too.</summary>
    public bool IsDockers { get; init; }

    public override string? ImpliedValue => TypeName.Length == 0 ? "true" : null;

    protected override void Accept(string text)
    {
        if (ImpliedValue is null || GoValue.ParseBool(text))
            throw new UsageException($"--{Name} {Reason}");
    }
}

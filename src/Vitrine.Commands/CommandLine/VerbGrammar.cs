namespace Vitrine.Commands.CommandLine;

/// <summary>What one command takes. What it does is its program's affair. Made only when it is the one invoked.</summary>
public abstract class VerbGrammar
{
    /// <summary>Its options.</summary>
    public FlagSet Flags { get; } = new();

    /// <summary>What follows its name in the usage line.</summary>
    public abstract string Usage { get; }

    /// <summary>How many arguments it takes.</summary>
    public abstract ArgumentCount Arguments { get; }

    /// <summary>Further help between the summary and the options, or null.</summary>
    public virtual string? Details => null;

    /// <summary>What an argument names, so that the shell can complete it.</summary>
    public virtual Operand Completes => Operand.None;

    /// <summary>The exit code of a failure that has no code of its own.</summary>
    public virtual int FailureCode => 1;
}

/// <summary>What the arguments of a verb name.</summary>
public enum Operand
{
    None,
    Container,
    RunningContainer,
    Image,
    Volume,
    Any,
    File,
    Lesson,
}

/// <summary>How many arguments a verb takes.</summary>
public readonly record struct ArgumentCount(int Minimum, int Maximum)
{
    public static ArgumentCount None => new(0, 0);

    public static ArgumentCount Exactly(int count) => new(count, count);

    public static ArgumentCount AtLeast(int count) => new(count, int.MaxValue);

    public static ArgumentCount AtMost(int count) => new(0, count);

    public bool IsBounded => Maximum < int.MaxValue;

    /// <summary>What is wrong with a number of arguments, in docker's words; null where it is right.</summary>
    public string? Problem(int count)
    {
        if (count >= Minimum && count <= Maximum)
            return null;
        if (Maximum == 0)
            return "accepts no arguments";
        if (Minimum == Maximum)
            return $"requires {Plural(Minimum)}";
        if (Maximum == int.MaxValue)
            return $"requires at least {Plural(Minimum)}";
        return Minimum == 0 ? $"requires at most {Plural(Maximum)}" : $"requires at least {Minimum} and at most {Plural(Maximum)}";
    }

    private static string Plural(int count) => count == 1 ? "1 argument" : $"{count} arguments";
}

namespace Vitrine.Commands.CommandLine;

/// <summary>A command line that does not parse: a flag that does not exist, or a value it does not take.</summary>
public sealed class UsageException(string message) : Exception(message)
{
    /// <summary>What docker exits with when a flag is wrong, whatever the verb.</summary>
    public const int ExitCode = 125;
}

/// <summary>A flag's value that does not parse; becomes <c>invalid argument "x" for "--flag" flag: reason</c>.</summary>
public sealed class FlagValueException(string reason) : Exception(reason);

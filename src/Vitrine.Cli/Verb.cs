using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli;

/// <summary>A command that works with the engine.</summary>
internal abstract class Verb : VerbGrammar
{
    /// <summary>Does the work.</summary>
    /// <returns>The exit code.</returns>
    public abstract Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments);
}

using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;

namespace Vitrine.Commands;

/// <summary>One call of a program of many verbs.</summary>
/// <param name="Globals">The options before the verb.</param>
/// <param name="Screen">The standard streams.</param>
public sealed record Invocation(GlobalOptions Globals, Screen Screen)
{
    /// <summary>The form the verb was called by: <c>container run</c>.</summary>
    public string Form { get; init; } = "";

    /// <summary>What follows the form; once the verb has read its options, only the arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The whole command line, without the program's name.</summary>
    public required IReadOnlyList<string> CommandLine { get; init; }
}

using Vitrine.Commands;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Glass;

/// <summary>A command that only looks: at the kernel, and at the files of engines.</summary>
internal abstract class GlassVerb : VerbGrammar
{
    /// <summary>Does the work.</summary>
    /// <returns>The exit code.</returns>
    public abstract Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments);
}

using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Glass.Explain;

namespace Vitrine.Glass;

/// <summary>A command that only looks: at the kernel, and at the files of engines.</summary>
internal abstract class GlassVerb : VerbGrammar
{
    /// <summary>Does the work.</summary>
    /// <returns>The exit code.</returns>
    public abstract Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments);

    /// <summary>--json, described in a page of docs/.</summary>
    protected BoolFlag JsonFlag(string page) => Flags.Bool("json", $"Print JSON (described in docs/{page}.md)");

    /// <summary>Standard output, laid out for what it is connected to.</summary>
    protected static Paper PaperOn(CommandContext context) => new(context.Screen.Out, ExplainStyle.Of(context.Screen));
}

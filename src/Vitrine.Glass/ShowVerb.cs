using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Glass.Explain;

namespace Vitrine.Glass;

/// <summary>A verb that shows one container or process: for people, or with --json for programs.</summary>
internal abstract class ShowVerb : GlassVerb
{
    private readonly BoolFlag _json;

    /// <param name="page">The page of docs/ that describes the JSON.</param>
    protected ShowVerb(string page) => _json = JsonFlag(page);

    public override string Usage => "[OPTIONS] CONTAINER|PID";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Operand Completes => Operand.RunningContainer;

    /// <summary>Shows it in the form that is asked for.</summary>
    protected void Show(CommandContext context, Func<string> json, Action<Paper> text)
    {
        if (_json.Value)
            context.Print(json());
        else
            text(PaperOn(context));
    }
}

using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine pause</c> and <c>unpause</c></summary>
internal sealed class PauseVerb(bool pauses) : Verb
{
    public override string Usage => "CONTAINER [CONTAINER...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => Operand.RunningContainer;

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var engine = cli.Engine;
        return cli.ForEachAtOnceAsync(arguments, async name =>
        {
            await (pauses ? engine.PauseAsync(name) : engine.UnpauseAsync(name));
            return name;
        });
    }
}

using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine diff</c></summary>
internal sealed class DiffVerb : Verb
{
    public override string Usage => "CONTAINER";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Operand Completes => Operand.Container;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        foreach (var change in await cli.Engine.DiffAsync(arguments[0]))
            cli.Print($"{"CAD"[change.Kind]} {change.Path}");
        return 0;
    }
}

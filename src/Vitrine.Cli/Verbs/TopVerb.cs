using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine top</c></summary>
internal sealed class TopVerb : Verb
{
    public TopVerb() => Flags.OptionsEndAtFirstArgument = true;

    public override string Usage => "CONTAINER [ps OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => Operand.RunningContainer;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var top = await cli.Engine.TopAsync(arguments[0], arguments.Skip(1).ToList());
        var lines = new[] { top.Titles }.Concat(top.Processes).Select(cells => string.Join('\t', cells) + "\t");
        cli.Screen.Out.Write(TableWriter.Align(string.Join('\n', lines)) + "\n");
        return 0;
    }
}

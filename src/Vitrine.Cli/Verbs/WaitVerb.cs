using System.Globalization;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine wait</c></summary>
internal sealed class WaitVerb : Verb
{
    public override string Usage => "CONTAINER [CONTAINER...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => Operand.Container;

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments) => cli.ForEachAsync(arguments, async name =>
    {
        var ended = await cli.Engine.WaitAsync(name);
        if (ended.Error is { } error)
            throw new VitrineException(ErrorKind.Internal, error.Message);
        cli.Print(ended.StatusCode.ToString(CultureInfo.InvariantCulture));
        cli.Screen.Out.Flush();
    });
}

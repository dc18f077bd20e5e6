using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine rename</c></summary>
internal sealed class RenameVerb : Verb
{
    public override string Usage => "CONTAINER NEW_NAME";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(2);

    public override Operand Completes => Operand.Container;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        await cli.Engine.RenameAsync(arguments[0], arguments[1]);
        return 0;
    }
}

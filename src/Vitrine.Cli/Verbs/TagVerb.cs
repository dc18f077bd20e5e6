using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine tag</c></summary>
internal sealed class TagVerb : Verb
{
    public override string Usage => "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(2);

    public override Operand Completes => Operand.Image;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        await cli.Engine.TagImageAsync(arguments[0], arguments[1]);
        return 0;
    }
}

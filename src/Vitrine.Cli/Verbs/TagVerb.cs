using Vitrine.Commands.CommandLine;
using Vitrine.Oci;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine tag</c></summary>
internal sealed class TagVerb : Verb
{
    public override string Usage => "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(2);

    public override Operand Completes => Operand.Image;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        try
        {
            ImageReference.Parse(arguments[1]);
        }
        catch (VitrineException e)
        {
            throw new VitrineException(e.Kind, $"Error parsing reference: \"{arguments[1]}\" is not a valid repository/tag: {e.Message}", e);
        }
        await cli.Engine.TagImageAsync(arguments[0], arguments[1]);
        return 0;
    }
}

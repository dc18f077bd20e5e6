using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine rmi</c></summary>
internal sealed class RmiVerb : Verb
{
    private readonly BoolFlag _force;

    public RmiVerb()
    {
        _force = Flags.Bool("force", 'f', "Force removal of the image");
        Flags.Add(new RefusedFlag("no-prune", Flag.None, "", "is not offered: there are no untagged parents to keep"));
        Flags.Add(new RefusedFlag("platform", Flag.None, "strings", "is not offered: an image here has one platform"));
    }

    public override string Usage => "[OPTIONS] IMAGE [IMAGE...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => Operand.Image;

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments) => cli.ForEachAsync(arguments, async name =>
    {
        try
        {
            foreach (var item in await cli.Engine.RemoveImageAsync(name, _force.Value))
                cli.Print(item.Untagged is { } untagged ? $"Untagged: {untagged}" : $"Deleted: {item.Deleted}");
        }
        catch (VitrineException e) when (e.Kind == ErrorKind.NotFound && _force.Value)
        {
            cli.Screen.WriteError(e.Message);
        }
    });
}

using Vitrine.Commands.CommandLine;
using Vitrine.Oci;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine rmi</c></summary>
internal sealed class RmiVerb : Verb
{
    private readonly BoolFlag _force;
    private readonly ListFlag<Platform> _platform;

    public RmiVerb()
    {
        _force = Flags.Bool("force", 'f', "Force removal of the image");
        Flags.Add(new BoolFlag("no-prune", Flag.None, "Do not delete untagged parents") { WithoutEffect = "there are no untagged parents" });
        _platform = Flags.Add(PlatformFlag.Ours());
    }

    public override string Usage => "[OPTIONS] IMAGE [IMAGE...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => Operand.Image;

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments) => cli.ForEachAsync(arguments, async name =>
    {
        try
        {
            PlatformFlag.Check(_platform, cli, [name]);
            foreach (var item in await cli.Engine.RemoveImageAsync(name, _force.Value))
                cli.Print(item.Untagged is { } untagged ? $"Untagged: {untagged}" : $"Deleted: {item.Deleted}");
        }
        catch (VitrineException e) when (e.Kind == ErrorKind.NotFound && _force.Value)
        {
            cli.Screen.WriteError(e.Message);
        }
    });
}

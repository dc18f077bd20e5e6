using Vitrine.Cli.Parsing;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs.Volumes;

/// <summary><c>vitrine volume rm</c></summary>
internal sealed class VolumeRemoveVerb : Verb
{
    private readonly BoolFlag _force;

    public VolumeRemoveVerb() => _force = Flags.Bool("force", 'f', "A volume that is not there is no error");

    public override string Usage => "[OPTIONS] VOLUME [VOLUME...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => Operand.Volume;

    public override string Details => "Removes volumes with what is in them. A volume that a container has, running or not, cannot be removed.";

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments) => cli.ForEachAsync(arguments, async name =>
    {
        await cli.Engine.RemoveVolumeAsync(ObjectId.Check("volume", name), _force.Value);
        cli.Print(name);
    });
}

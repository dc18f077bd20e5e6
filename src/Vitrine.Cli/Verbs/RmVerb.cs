using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine rm</c></summary>
internal sealed class RmVerb : Verb
{
    private readonly BoolFlag _force;
    private readonly BoolFlag _volumes;

    public RmVerb()
    {
        _force = Flags.Bool("force", 'f', "Force the removal of a running container (uses SIGKILL)");
        _volumes = Flags.Bool("volumes", 'v', "Remove anonymous volumes associated with the container");
        Flags.Add(new RefusedFlag("link", 'l', "", "removes a link alone: it goes with the container that has it"));
    }

    public override string Usage => "[OPTIONS] CONTAINER [CONTAINER...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => Operand.Container;

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var engine = cli.Engine;
        return cli.ForEachAtOnceAsync(arguments, async argument =>
        {
            await engine.RemoveAsync(argument.Trim('/'), _force.Value, _volumes.Value);
            return argument;
        }, forgives: e => _force.Value && e.Kind is ErrorKind.NotFound); // As docker: forcing away what is not there is told, and is a success.
    }
}

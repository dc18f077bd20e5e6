using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine kill</c></summary>
internal sealed class KillVerb : Verb
{
    private readonly ValueFlag<string> _signal;

    public KillVerb() => _signal = Flags.Text("signal", 's', "Signal to send to the container (default KILL)");

    public override string Usage => "[OPTIONS] CONTAINER [CONTAINER...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => Operand.RunningContainer;

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var engine = cli.Engine;
        return cli.ForEachAtOnceAsync(arguments, async name =>
        {
            await engine.KillAsync(name, string.IsNullOrEmpty(_signal.Value) ? "KILL" : _signal.Value);
            return name;
        });
    }
}

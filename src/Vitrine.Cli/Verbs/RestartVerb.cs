using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine restart</c></summary>
internal sealed class RestartVerb : Verb
{
    private readonly ValueFlag<string> _signal;
    private readonly ValueFlag<int?> _timeout;

    public RestartVerb() => (_signal, _timeout) = StopFlags.AddTo(Flags);

    public override string Usage => "[OPTIONS] CONTAINER [CONTAINER...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => Operand.Container;

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments) => cli.ForEachAsync(arguments, async name =>
    {
        await cli.Engine.RestartAsync(name, _signal.Value, _timeout.Value);
        cli.Print(name);
    });
}

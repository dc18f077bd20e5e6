using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine stop</c> and <c>restart</c></summary>
internal sealed class StopVerb : Verb
{
    private readonly bool _restarts;
    private readonly ValueFlag<string> _signal;
    private readonly ValueFlag<int?> _timeout;

    public StopVerb(bool restarts)
    {
        _restarts = restarts;
        _signal = Flags.Text("signal", 's', "Signal to send to the container");
        _timeout = Flags.Add(new ValueFlag<int?>("timeout", 't', "int", "Seconds to wait before killing the container, -1 for ever", text => GoValue.ParseInt32(text))
        {
            Aliases = ["time"],
        });
    }

    public override string Usage => "[OPTIONS] CONTAINER [CONTAINER...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => _restarts ? Operand.Container : Operand.RunningContainer;

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var engine = cli.Engine;
        return cli.ForEachAtOnceAsync(arguments, async name =>
        {
            await (_restarts
                ? engine.RestartAsync(name, _signal.Value, _timeout.Value)
                : engine.StopAsync(name, _signal.Value, _timeout.Value));
            return name;
        });
    }
}

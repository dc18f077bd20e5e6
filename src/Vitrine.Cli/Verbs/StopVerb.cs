using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine stop</c></summary>
internal sealed class StopVerb : Verb
{
    private readonly ValueFlag<string> _signal;
    private readonly ValueFlag<int?> _timeout;

    public StopVerb() => (_signal, _timeout) = StopFlags.AddTo(Flags);

    public override string Usage => "[OPTIONS] CONTAINER [CONTAINER...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => Operand.RunningContainer;

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments) => cli.ForEachAsync(arguments, async name =>
    {
        await cli.Engine.StopAsync(name, _signal.Value, _timeout.Value);
        cli.Print(name);
    });
}

/// <summary>The options that stop and restart have in common.</summary>
internal static class StopFlags
{
    public static (ValueFlag<string> Signal, ValueFlag<int?> Timeout) AddTo(FlagSet flags) =>
    (
        flags.Text("signal", 's', "Signal to send to the container"),
        flags.Add(new ValueFlag<int?>("timeout", 't', "int", "Seconds to wait before killing the container, -1 for ever", text => GoValue.ParseInt32(text))
        {
            Aliases = ["time"],
        })
    );
}

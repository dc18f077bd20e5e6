using Vitrine.Cli.Output;
using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Engine;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine stats</c></summary>
internal sealed class StatsVerb : Verb
{
    private const string Clear = "\e[2J\e[H";

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly BoolFlag _all;
    private readonly BoolFlag _noStream;
    private readonly BoolFlag _noTruncation;
    private readonly ValueFlag<string> _format;

    public StatsVerb()
    {
        _all = Flags.Bool("all", 'a', "Show all containers (default shows just running)");
        _format = Flags.Add(FormatFlag.Rows());
        _noStream = Flags.Bool("no-stream", "Disable streaming stats and only pull the first result");
        _noTruncation = Flags.Bool("no-trunc", "Do not truncate output");
    }

    public override string Usage => "[OPTIONS] [CONTAINER...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(0);

    public override Operand Completes => Operand.RunningContainer;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var format = RowFormat.Parse(_format.Value, StatsRow.DefaultColumns);
        using var interrupt = new Interrupt();
        try
        {
            var last = await MeasureAsync(cli.Engine, arguments, [], mayBeGone: false);
            do
            {
                await Task.Delay(s_interval, interrupt.Token);
                last = await MeasureAsync(cli.Engine, arguments, last, mayBeGone: true);
                if (cli.Screen.OutputIsTerminal && !_noStream.Value)
                    cli.Screen.Out.Write(Clear);
                format.Print(cli.Screen.Out, StatsRow.Header, last.Select(pair => new StatsRow(pair.Key, pair.Value, !_noTruncation.Value)));
                cli.Screen.Out.Flush();
            }
            while (!_noStream.Value);
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            // Ctrl-C is how one stops looking.
        }
        return 0;
    }

    /// <summary>Measures the containers asked for, or all; by what they were called.</summary>
    private async Task<OrderedDictionary<string, ContainerStats>> MeasureAsync(ContainerEngine engine, IReadOnlyList<string> names,
        OrderedDictionary<string, ContainerStats> last, bool mayBeGone)
    {
        if (names.Count == 0)
            (names, mayBeGone) = ([.. (await engine.ListAsync(new ListOptions { All = _all.Value })).Select(container => container.Id)], true);
        var measured = new OrderedDictionary<string, ContainerStats>();
        foreach (var name in names)
        {
            try
            {
                measured[name] = await engine.MeasureAsync(name, last.GetValueOrDefault(name));
            }
            catch (VitrineException e) when (mayBeGone && e.Kind is ErrorKind.NotFound)
            {
                // Removed meanwhile: its line goes.
            }
        }
        return measured;
    }
}

using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Vitrine.Glass.Explain;
using Vitrine.Insight.Control;
using Vitrine.Linux;

namespace Vitrine.Glass.Cgroups;

/// <summary><c>vitrine cgroup top</c></summary>
internal sealed class CgroupTopVerb : CgroupVerb
{
    private const string Clear = "\e[2J\e[H";
    private const int DefaultDepth = 2;

    private readonly BoolFlag _json;
    private readonly BoolFlag _once;
    private readonly ValueFlag<long?> _depth;
    private readonly ValueFlag<TimeSpan> _interval;
    private readonly ValueFlag<string> _sort;

    public CgroupTopVerb()
    {
        _depth = Flags.Integer("depth", $"How many levels below it (default {DefaultDepth})");
        _interval = Flags.Add(new ValueFlag<TimeSpan>("interval", 'i', "duration", "Between two looks", ParseInterval) { Value = TimeSpan.FromSeconds(1), DefaultText = "1s" });
        _json = Flags.Bool("json", "Print JSON, a list at each look (described in docs/cgroups.md)");
        _once = Flags.Bool("once", "Look once, for one interval");
        _sort = Flags.Add(new ValueFlag<string>("sort", 's', "string", "By cpu, memory, pids or io", ParseSort) { Value = "cpu", DefaultText = "\"cpu\"" });
    }

    public override string Usage => "[OPTIONS] [CGROUP]";

    public override ArgumentCount Arguments => ArgumentCount.AtMost(1);

    public override string Details => "Shows what cgroups use, again and again until Ctrl-C.\n\n" + NamesHelp;

    public override async Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var layout = CgroupLayout.Read();
        var group = arguments.Count > 0 ? Finder(context, layout).Find(arguments[0]) : Finder(context, layout).Name("/", _ => true);
        var depth = (int)Math.Clamp(_depth.Value ?? DefaultDepth, 0, int.MaxValue);
        using var interrupt = new Interrupt();
        try
        {
            var last = ControlUse.ReadTree(group, depth);
            do
            {
                await Task.Delay(_interval.Value, interrupt.Token);
                var now = ControlUse.ReadTree(group, depth);
                Show(context, Sorted(ControlRate.Between(last, now)));
                last = now;
            }
            while (!_once.Value);
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            // Ctrl-C is how one stops looking.
        }

        return 0;
    }

    private void Show(CommandContext context, IReadOnlyList<ControlRate> rates)
    {
        var screen = context.Screen;
        if (_json.Value)
        {
            context.Print(ControlJson.Rates(rates));
        }
        else
        {
            var redraw = screen.OutputIsTerminal && !_once.Value;
            if (redraw)
                screen.Out.Write(Clear);
            TopText.Write(new Paper(screen.Out, ExplainStyle.Of(screen)), redraw ? [.. rates.Take(Math.Max(screen.Height - 2, 1))] : rates);
        }

        screen.Out.Flush();
    }

    private IReadOnlyList<ControlRate> Sorted(IReadOnlyList<ControlRate> rates) => _sort.Value switch
    {
        "memory" => [.. rates.OrderByDescending(rate => rate.MemoryBytes)],
        "pids" => [.. rates.OrderByDescending(rate => rate.Pids)],
        "io" => [.. rates.OrderByDescending(rate => rate.ReadBytesPerSecond + rate.WrittenBytesPerSecond)],
        _ => [.. rates.OrderByDescending(rate => rate.Cpus)],
    };

    private static string ParseSort(string text) => text is "cpu" or "memory" or "pids" or "io" ? text : throw new FlagValueException("it takes cpu, memory, pids or io");

    private static TimeSpan ParseInterval(string text)
    {
        var interval = GoDuration.Parse(text);
        return interval > TimeSpan.Zero ? interval : throw new FlagValueException("it takes a time such as 500ms or 2s");
    }
}

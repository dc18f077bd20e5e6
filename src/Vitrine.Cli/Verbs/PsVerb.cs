using Vitrine.Cli.Output;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Engine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine ps</c></summary>
internal sealed class PsVerb : Verb
{
    private readonly BoolFlag _all;
    private readonly BoolFlag _latest;
    private readonly BoolFlag _noTruncation;
    private readonly BoolFlag _quiet;
    private readonly BoolFlag _size;
    private readonly ValueFlag<int> _last;
    private readonly ListFlag<Filter> _filters;
    private readonly ValueFlag<string> _format;

    public PsVerb()
    {
        _all = Flags.Bool("all", 'a', "Show all containers (default shows just running)");
        _filters = Flags.Add(Filter.Flag());
        _format = Flags.Add(FormatFlag.Rows());
        _last = Flags.Add(new ValueFlag<int>("last", 'n', "int", "Show n last created containers (includes all states)", GoValue.ParseInt32)
        {
            Value = -1,
            DefaultText = "-1",
        });
        _latest = Flags.Bool("latest", 'l', "Show the latest created container (includes all states)");
        _noTruncation = Flags.Bool("no-trunc", "Don't truncate output");
        _quiet = Flags.Bool("quiet", 'q', "Only display container IDs");
        _size = Flags.Bool("size", 's', "Display total file sizes");
    }

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var wanted = cli.Format(_format.Value, _quiet.Value, "{{.ID}}", preferences => preferences.PsFormat);
        var columns = _size.Value ? ContainerRow.DefaultColumns + "\t{{.Size}}" : ContainerRow.DefaultColumns;
        var format = RowFormat.Parse(wanted, columns);
        var limit = _latest.Value && _last.Value == -1 ? 1 : Math.Max(_last.Value, 0);
        var containers = await cli.Engine.ListAsync(new ListOptions
        {
            All = _all.Value,
            Limit = limit,
            Size = _size.Value || wanted?.Contains(".Size", StringComparison.Ordinal) == true,
            Filters = Filter.ToMap(_filters.Values),
        });
        var now = cli.Time.GetUtcNow();
        format.Print(cli.Screen.Out, ContainerRow.Header, containers.Select(c => new ContainerRow(c, !_noTruncation.Value, now)));
        return 0;
    }
}

using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Cli.Output;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine network ls</c></summary>
internal sealed class NetworkLsVerb : Verb
{
    private readonly ListFlag<Filter> _filters;
    private readonly ValueFlag<string> _format;
    private readonly BoolFlag _noTruncation;
    private readonly BoolFlag _quiet;

    public NetworkLsVerb()
    {
        _filters = Flags.Add(Filter.Flag());
        _format = Flags.Add(FormatFlag.Rows());
        _noTruncation = Flags.Bool("no-trunc", "Do not truncate the output");
        _quiet = Flags.Bool("quiet", 'q', "Only display network IDs");
    }

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var format = RowFormat.Parse(_quiet.Value && _format.Value is (null or "" or "table") ? "{{.ID}}" : _format.Value, NetworkRow.DefaultColumns);
        var networks = await cli.Engine.ListNetworksAsync(Filter.ToMap(_filters.Values));
        format.Print(cli.Screen.Out, NetworkRow.Header, networks.Select(network => new NetworkRow(network, !_noTruncation.Value)));
        return 0;
    }
}

using Vitrine.Cli.Output;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;

namespace Vitrine.Cli.Verbs.Volumes;

/// <summary><c>vitrine volume ls</c></summary>
internal sealed class VolumeListVerb : Verb
{
    private readonly ListFlag<Filter> _filters;
    private readonly ValueFlag<string> _format;
    private readonly BoolFlag _quiet;

    public VolumeListVerb()
    {
        _filters = Flags.Add(Filter.Flag());
        _format = Flags.Add(FormatFlag.Rows());
        _quiet = Flags.Bool("quiet", 'q', "Only display volume names");
        Flags.Add(new RefusedFlag("cluster", Flag.None, "", "is for cluster volumes of swarm, which Vitrine does not have") { IsDockers = true });
    }

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var wanted = cli.Format(_format.Value, _quiet.Value, "{{.Name}}", preferences => preferences.VolumesFormat);
        var format = RowFormat.Parse(wanted, VolumeRow.DefaultColumns);
        var list = await cli.Engine.ListVolumesAsync(Filter.ToMap(_filters.Values));
        format.Print(cli.Screen.Out, VolumeRow.Header, list.Volumes.Select(volume => new VolumeRow(volume)));
        return 0;
    }
}

using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs.Volumes;

/// <summary><c>vitrine volume prune</c></summary>
internal sealed class VolumePruneVerb : Verb
{
    private readonly BoolFlag _all;
    private readonly Confirmation _confirmation;
    private readonly ListFlag<Filter> _filters;

    public VolumePruneVerb()
    {
        _all = Flags.Bool("all", 'a', "Remove all unused volumes, not just anonymous ones");
        _filters = Flags.Add(Filter.Flag(Flag.None, "Provide filter values (e.g. \"label=<label>\")"));
        _confirmation = new Confirmation(Flags);
    }

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var what = _all.Value ? "all" : "anonymous";
        if (!_confirmation.Asked(cli, $"WARNING! This will remove {what} local volumes not used by at least one container."))
            return 0;
        var filters = Filter.ToMap(_filters.Values);
        if (_all.Value && !filters.TryAdd("all", ["true"]))
            throw new VitrineException(ErrorKind.Invalid, "conflicting options: cannot specify both --all and --filter all=1");
        var report = await cli.Engine.PruneVolumesAsync(filters);
        Pruned.Print(cli, "Deleted Volumes:", report.VolumesDeleted);
        Pruned.PrintSpace(cli, report.SpaceReclaimed);
        return 0;
    }
}

using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine system prune</c></summary>
internal sealed class SystemPruneVerb : Verb
{
    private readonly BoolFlag _all;
    private readonly BoolFlag _volumes;
    private readonly ListFlag<Filter> _filters;
    private readonly Confirmation _confirmation;

    public SystemPruneVerb()
    {
        _all = Flags.Bool("all", 'a', "Remove all unused images not just dangling ones");
        _filters = Flags.Add(Filter.Flag(Flag.None, "Provide filter values (e.g. \"label=<key>=<value>\")"));
        _confirmation = new Confirmation(Flags);
        _volumes = Flags.Bool("volumes", "Prune anonymous volumes");
    }

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var filters = Filter.ToMap(_filters.Values);
        if (_volumes.Value && filters.ContainsKey("until"))
            throw new VitrineException(ErrorKind.Invalid, "ERROR: The \"until\" filter is not supported with \"--volumes\"");
        if (!_confirmation.Asked(cli, Warning()))
            return 0;
        var containers = await cli.Engine.PruneContainersAsync(filters);
        Pruned.Print(cli, "Deleted Containers:", containers.Removed);
        Pruned.Print(cli, "Deleted Networks:", (await cli.Engine.PruneNetworksAsync(filters)).NetworksDeleted);
        var bytes = containers.SpaceReclaimed;
        if (_volumes.Value)
        {
            var volumes = await cli.Engine.PruneVolumesAsync(filters);
            Pruned.Print(cli, "Deleted Volumes:", volumes.VolumesDeleted);
            bytes += volumes.SpaceReclaimed;
        }
        var images = await cli.Engine.PruneImagesAsync(new Dictionary<string, IReadOnlyList<string>>(filters) { ["dangling"] = [_all.Value ? "false" : "true"] });
        Pruned.PrintImages(cli, images);
        Pruned.PrintSpace(cli, bytes + images.SpaceReclaimed);
        return 0;
    }

    private string Warning()
    {
        var volumes = _volumes.Value ? "\n  - all anonymous volumes not used by at least one container" : "";
        var images = _all.Value ? "all images without at least one container associated to them" : "all dangling images";
        var filters = _filters.Values.Count == 0 ? ""
            : $"\n  Items to be pruned will be filtered with:\n  - {string.Join("\n  - ", _filters.Values.Select(filter => $"{filter.Name}={filter.Value}").Order(StringComparer.Ordinal))}\n";
        return $"WARNING! This will remove:\n  - all stopped containers\n  - all networks not used by at least one container{volumes}\n  - {images}\n  - {(_all.Value ? "all" : "unused")} build cache\n{filters}";
    }
}

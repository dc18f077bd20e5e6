using Vitrine.Commands;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine image prune</c></summary>
internal sealed class ImagePruneVerb : Verb
{
    private readonly BoolFlag _all;
    private readonly ListFlag<Filter> _filters;
    private readonly Confirmation _confirmation;

    public ImagePruneVerb()
    {
        _all = Flags.Bool("all", 'a', "Remove all unused images, not just dangling ones");
        _filters = Flags.Add(Filter.Flag(Flag.None, "Provide filter values (e.g. \"until=<timestamp>\")"));
        _confirmation = new Confirmation(Flags);
    }

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        if (!_confirmation.Asked(cli, $"WARNING! This will remove {(_all.Value ? "all images without at least one container associated to them" : "all dangling images")}."))
            return 0;
        var filters = Filter.ToMap(_filters.Values);
        filters["dangling"] = [_all.Value ? "false" : "true"];
        using var interrupt = new Interrupt();
        var report = await cli.Engine.PruneImagesAsync(filters, interrupt.Token);
        Pruned.PrintImages(cli, report);
        Pruned.PrintSpace(cli, report.SpaceReclaimed);
        return 0;
    }
}

using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine container prune</c></summary>
internal sealed class ContainerPruneVerb : Verb
{
    private readonly ListFlag<Filter> _filters;
    private readonly Confirmation _confirmation;

    public ContainerPruneVerb()
    {
        _filters = Flags.Add(Filter.Flag(Flag.None, "Provide filter values (e.g. \"until=<timestamp>\")"));
        _confirmation = new Confirmation(Flags);
    }

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        if (!_confirmation.Asked(cli, "WARNING! This will remove all stopped containers."))
            return 0;
        var pruned = await cli.Engine.PruneContainersAsync(Filter.ToMap(_filters.Values));
        Pruned.Print(cli, "Deleted Containers:", pruned.Removed);
        Pruned.PrintSpace(cli, pruned.SpaceReclaimed);
        return 0;
    }
}

using Vitrine.Cli.Parsing;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine network rm</c></summary>
internal sealed class NetworkRmVerb : Verb
{
    private readonly BoolFlag _force;

    public NetworkRmVerb() => _force = Flags.Bool("force", 'f', "Do not error if the network does not exist");

    public override string Usage => "NETWORK [NETWORK...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments) => cli.ForEachAsync(arguments, async name =>
    {
        try
        {
            await cli.Engine.RemoveNetworkAsync(ObjectId.Check("network", name));
        }
        catch (VitrineException e) when (e.Kind == ErrorKind.NotFound && _force.Value)
        {
            return;
        }

        cli.Print(name);
    });
}

/// <summary><c>vitrine network prune</c></summary>
internal sealed class NetworkPruneVerb : Verb
{
    private readonly ListFlag<Filter> _filters;
    private readonly Confirmation _confirmation;

    public NetworkPruneVerb()
    {
        _filters = Flags.Add(Filter.Flag(Flag.None, "Provide filter values (e.g. \"until=<timestamp>\")"));
        _confirmation = new Confirmation(Flags);
    }

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        if (!_confirmation.Asked(cli, "WARNING! This will remove all custom networks not used by at least one container."))
            return 0;
        Pruned.Print(cli, "Deleted Networks:", (await cli.Engine.PruneNetworksAsync(Filter.ToMap(_filters.Values))).NetworksDeleted);
        return 0;
    }
}

/// <summary><c>vitrine network repair</c></summary>
internal sealed class NetworkRepairVerb : Verb
{
    public override string Usage => "";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        foreach (var line in await cli.Engine.RepairNetworksAsync())
            cli.Print(line);
        return 0;
    }
}

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
            await cli.Engine.RemoveNetworkAsync(name);
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
    private readonly BoolFlag _force;

    public NetworkPruneVerb()
    {
        // Its shorthand is that of --force here.
        _filters = Flags.Add(Filter.Flag(Flag.None, "Provide filter values (e.g. \"until=<timestamp>\")"));
        _force = Flags.Bool("force", 'f', "Do not prompt for confirmation");
    }

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        if (!_force.Value)
        {
            cli.Screen.Out.Write("WARNING! This will remove all custom networks not used by at least one container.\nAre you sure you want to continue? [y/N] ");
            cli.Screen.Out.Flush();
            if (Console.ReadLine()?.Trim() is not ("y" or "Y"))
                throw new VitrineException(ErrorKind.Invalid, "network prune has been cancelled");
        }
        var report = await cli.Engine.PruneNetworksAsync(Filter.ToMap(_filters.Values));
        if (report.NetworksDeleted.Count > 0)
            cli.Print("Deleted Networks:\n" + string.Join('\n', report.NetworksDeleted));
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

using Vitrine.Commands.CommandLine;
using Vitrine.Engine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine __complete -- WORD...</c></summary>
internal sealed class CompleteVerb : Verb
{
    public override string Usage => "-- WORD...";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(0);

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        await new Completer(CommandTable.Set, kind => OperandsAsync(cli.Engine, kind)).CompleteAsync(cli, arguments);
        return 0;
    }

    private static async Task<IEnumerable<Candidate>> OperandsAsync(ContainerEngine engine, Operand kind) => kind switch
    {
        Operand.Container => await ContainersAsync(engine, all: true),
        Operand.RunningContainer => await ContainersAsync(engine, all: false),
        Operand.Image => await ImagesAsync(engine),
        Operand.Volume => (await engine.ListVolumesAsync()).Volumes.Select(volume => new Candidate(volume.Name, "volume")),
        Operand.Any => (await ContainersAsync(engine, all: true)).Concat(await ImagesAsync(engine)),
        _ => [],
    };

    private static async Task<IEnumerable<Candidate>> ContainersAsync(ContainerEngine engine, bool all) =>
        (await engine.ListAsync(new ListOptions { All = all })).SelectMany(c => c.Names.Select(n => new Candidate(n.TrimStart('/'), $"{c.Image}, {c.Status}")));

    private static async Task<IEnumerable<Candidate>> ImagesAsync(ContainerEngine engine) =>
        (await engine.ListImagesAsync()).SelectMany(i => (i.RepoTags ?? []).Select(t => new Candidate(t, "image")));
}

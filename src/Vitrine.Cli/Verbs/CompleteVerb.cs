using Vitrine.Cli.CommandLine;
using Vitrine.Engine;
using Vitrine.Linux;

namespace Vitrine.Cli.Verbs;

/// <summary>
/// <c>vitrine __complete -- WORD...</c>, for the completion scripts: what the last word may become, one a line, with a tab
/// before its description.
/// </summary>
internal sealed class CompleteVerb : Verb
{
    public override string Usage => "-- WORD...";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(0);

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var typed = arguments.Count == 0 ? "" : arguments[^1];
        var before = arguments.SkipLast(1).ToList();
        foreach (var candidate in await CandidatesAsync(cli, before, typed))
        {
            if (candidate.Text.StartsWith(typed, StringComparison.Ordinal))
                cli.Print($"{candidate.Text}\t{candidate.Description}");
        }

        return 0;
    }

    private static async Task<IEnumerable<Candidate>> CandidatesAsync(CliContext cli, List<string> before, string typed)
    {
        if (before.Count == 0)
            return typed.StartsWith('-') ? Options(cli.Globals.Flags) : TopLevel();
        var group = CommandTable.FindGroup(before[0]);
        if (group is not null && before.Count == 1)
            return Members(group);
        var form = group is null ? before[0] : $"{before[0]} {before[1]}";
        if (CommandTable.Find(form)?.Create() is not { } verb)
            return [];
        var words = before.Skip(group is null ? 1 : 2).ToList();
        if (TakesValue(verb.Flags, words.LastOrDefault()))
            return [];
        if (typed.StartsWith('-'))
            return Options(verb.Flags);
        return await OperandsAsync(cli.Engine, verb, words);
    }

    private static IEnumerable<Candidate> TopLevel() =>
        CommandTable.Commands.Where(c => !c.IsHidden && c.TopLevelName is not null).Select(c => new Candidate(c.TopLevelName!, c.Summary))
            .Concat(CommandTable.Groups.Select(g => new Candidate(g.Name, g.Summary)));

    private static IEnumerable<Candidate> Members(CommandGroup group) =>
        CommandTable.Commands.Where(c => c.NameIn(group.Name) is not null).Select(c => new Candidate(c.NameIn(group.Name)!, c.Summary));

    private static IEnumerable<Candidate> Options(FlagSet flags) =>
        flags.Flags.Where(f => !f.IsHidden && f is not RefusedFlag).Select(f => new Candidate("--" + f.Name, f.Description.Split('\n')[0]));

    private static bool TakesValue(FlagSet flags, string? word)
    {
        if (word is null or "--" || !word.StartsWith('-') || word.Contains('=', StringComparison.Ordinal))
            return false;
        var flag = word.StartsWith("--", StringComparison.Ordinal)
            ? flags.Flags.FirstOrDefault(f => f.Name == word[2..])
            : flags.Flags.FirstOrDefault(f => f.Shorthand == word[^1]);
        return flag is { ImpliedValue: null };
    }

    private static async Task<IEnumerable<Candidate>> OperandsAsync(ContainerEngine engine, Verb verb, List<string> words)
    {
        // After the image or container of run, exec and the like comes a command, which is not ours to complete.
        if (verb.Flags.OptionsEndAtFirstArgument && HasOperand(verb, words))
            return [];
        try
        {
            return verb.Completes switch
            {
                Operand.Container => await ContainersAsync(engine, all: true),
                Operand.RunningContainer => await ContainersAsync(engine, all: false),
                Operand.Image => await ImagesAsync(engine),
                Operand.Any => (await ContainersAsync(engine, all: true)).Concat(await ImagesAsync(engine)),
                _ => [],
            };
        }
        catch (Exception e) when (e is VitrineException or LinuxException or IOException or UnauthorizedAccessException)
        {
            // Completion never complains.
            return [];
        }
    }

    private static bool HasOperand(Verb verb, List<string> words)
    {
        try
        {
            return verb.Flags.Parse(words).Count > 0;
        }
        catch (Exception e) when (e is UsageException or HelpRequest)
        {
            return false;
        }
    }

    private static async Task<IEnumerable<Candidate>> ContainersAsync(ContainerEngine engine, bool all) =>
        (await engine.ListAsync(new ListOptions { All = all })).SelectMany(c => c.Names.Select(n => new Candidate(n.TrimStart('/'), $"{c.Image}, {c.Status}")));

    private static async Task<IEnumerable<Candidate>> ImagesAsync(ContainerEngine engine) =>
        (await engine.ListImagesAsync()).SelectMany(i => (i.RepoTags ?? []).Select(t => new Candidate(t, "image")));

    private sealed record Candidate(string Text, string Description);
}

using Vitrine.Linux;

namespace Vitrine.Commands.CommandLine;

/// <summary>Something that the last word of a command line may become.</summary>
public sealed record Candidate(string Text, string Description);

/// <summary>
/// <c>__complete -- WORD...</c>, for the completion scripts: what the last word may become, one a line, with a tab before its
/// description.
/// </summary>
/// <param name="commands">All verbs.</param>
/// <param name="operands">The names that an operand of a kind may be.</param>
public sealed class Completer(CommandSet commands, Func<Operand, Task<IEnumerable<Candidate>>> operands)
{
    /// <summary>Prints what the last word may become. The words of a verb that another program has are that program's to complete.</summary>
    /// <exception cref="VitrineException">That program cannot be started.</exception>
    public async Task CompleteAsync(CommandContext context, IReadOnlyList<string> words)
    {
        var typed = words.Count == 0 ? "" : words[^1];
        var before = words.SkipLast(1).ToList();
        foreach (var candidate in await CandidatesAsync(context, before, typed))
        {
            if (candidate.Text.StartsWith(typed, StringComparison.Ordinal))
                context.Print($"{candidate.Text}\t{candidate.Description}");
        }
    }

    private async Task<IEnumerable<Candidate>> CandidatesAsync(CommandContext context, List<string> before, string typed)
    {
        if (before.Count == 0)
            return typed.StartsWith('-') ? Options(context.Globals.Flags) : TopLevel();
        var group = commands.FindGroup(before[0]);
        if (group is not null && before.Count == 1)
            return Members(group);
        if (commands.Find(group is null ? before[0] : $"{before[0]} {before[1]}") is not { } command)
            return [];
        if (command.Program is { } program)
            SiblingProgram.Become(program, context.CommandLine);
        var verb = command.Create!();
        var words = before.Skip(group is null ? 1 : 2).ToList();
        if (TakesValue(verb.Flags, words.LastOrDefault()))
            return [];
        return typed.StartsWith('-') ? Options(verb.Flags) : await OperandsAsync(verb, words);
    }

    private IEnumerable<Candidate> TopLevel() =>
        commands.Commands.Where(c => !c.IsHidden && c.TopLevelName is not null).Select(c => new Candidate(c.TopLevelName!, c.Summary))
            .Concat(commands.Groups.Select(g => new Candidate(g.Name, g.Summary)));

    private IEnumerable<Candidate> Members(CommandGroup group) =>
        commands.Commands.Where(c => c.NameIn(group.Name) is not null).Select(c => new Candidate(c.NameIn(group.Name)!, c.Summary));

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

    private async Task<IEnumerable<Candidate>> OperandsAsync(VerbGrammar verb, List<string> words)
    {
        // After the image or container of run, exec and the like comes a command, which is not ours to complete.
        if (verb.Flags.OptionsEndAtFirstArgument && HasOperand(verb, words))
            return [];
        try
        {
            return await operands(verb.Completes);
        }
        catch (Exception e) when (e is VitrineException or LinuxException or IOException or UnauthorizedAccessException)
        {
            // Completion never complains.
            return [];
        }
    }

    private static bool HasOperand(VerbGrammar verb, List<string> words)
    {
        try
        {
            return verb.Flags.Parse(words).Count > 0;
        }
        catch (Exception e) when (e is UsageException or HelpRequestException)
        {
            return false;
        }
    }
}

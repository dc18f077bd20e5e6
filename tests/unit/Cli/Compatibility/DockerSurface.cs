using Vitrine.Cli;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Tests.Unit.Cli.Compatibility;

/// <summary>What became of an option or command of docker's.</summary>
internal enum Fate
{
    Supported,

    /// <summary>Refused, as docker refuses it on Linux and without swarm.</summary>
    AsDocker,
    WithoutEffect,
    Refused,
    Unknown,
}

/// <summary>One option of docker's and what Vitrine makes of it.</summary>
/// <param name="Names">As docker's help shows it: <c>-a, --all</c>.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Reason">Why, where it is not supported.</param>
internal sealed record DockerFlag(string Names, Fate Fate, string Reason)
{
    public static DockerFlag Of(string names, IReadOnlyList<Flag> ours)
    {
        var name = names[(names.LastIndexOf("--", StringComparison.Ordinal) + 2)..];
        if (name == "help")
            return new(names, Fate.Supported, "");
        return ours.FirstOrDefault(flag => flag.Name == name || flag.Aliases.Contains(name)) switch
        {
            null => new(names, Fate.Unknown, "not known"),
            RefusedFlag { IsDockers: true } refused => new(names, Fate.AsDocker, refused.Reason),
            RefusedFlag refused => new(names, Fate.Refused, refused.Reason),
            { WithoutEffect: { } reason } => new(names, Fate.WithoutEffect, reason),
            _ => new(names, Fate.Supported, ""),
        };
    }
}

/// <summary>One command of docker's, by its first name in our table, with its options.</summary>
/// <param name="Form">Without the program's name; empty for the options before the verb.</param>
/// <param name="Forms">All names docker has for it.</param>
/// <param name="Fate">What became of the command itself.</param>
/// <param name="Reason">Why, where it is not supported.</param>
/// <param name="Flags">Its options.</param>
internal sealed record DockerCommand(string Form, IReadOnlyList<string> Forms, Fate Fate, string Reason, IReadOnlyList<DockerFlag> Flags)
{
    public IEnumerable<Fate> Fates => Flags.Select(static flag => flag.Fate).Prepend(Fate);
}

/// <summary>docker's commands and options, from docker-28.tsv, each once however many names it has.</summary>
internal static class DockerSurface
{
    private const string CommandRow = "(command)";

    public static IReadOnlyList<DockerCommand> Read(string file)
    {
        var rows = File.ReadLines(file).Where(static line => !line.StartsWith('#')).Skip(1).Select(static line => line.Split('\t')).ToList();
        var flags = rows.Where(static row => row[1] != CommandRow).ToLookup(static row => row[0], static row => row[1]);
        return [.. rows.Where(static row => row[1] == CommandRow)
            .Select(static row => (Name: row[0], Forms: FormsOf(row)))
            .DistinctBy(static command => command.Forms[0])
            .Select(command => Compare(command.Forms, [.. flags[command.Name]]))
            .Where(static command => !IsGroup(command))];
    }

    /// <summary>All names, the shortest first: <c>run</c> before <c>container run</c>.</summary>
    private static List<string> FormsOf(string[] row) => [.. (row[2].Length > 0 ? row[2].Split(", ") : [row[0]])
        .Select(static name => name == "docker" ? "" : name["docker ".Length..]).OrderBy(static name => name.Count(static c => c == ' ')).ThenBy(static name => name.Length)];

    private static bool IsGroup(DockerCommand command) => command.Form.Length > 0 && CommandTable.Set.FindGroup(command.Form) is not null && command.Flags.Count == 0;

    private static DockerCommand Compare(List<string> forms, IReadOnlyList<string> flags)
    {
        if (forms[0].Length == 0)
            return New(Fate.Supported, "", new GlobalOptions().Flags.Flags);
        return forms.Select(CommandTable.Find).FirstOrDefault(static found => found?.Create is not null) is { } command
            ? New(Fate.Supported, "", command.Create!().Flags.Flags)
            : new DockerCommand(forms[0], forms, Fate.Refused, CommandTable.ReasonAgainst(forms[0]) ?? "not known",
                [.. flags.Select(static name => new DockerFlag(name, Fate.Refused, "with the command"))]);

        DockerCommand New(Fate fate, string reason, IReadOnlyList<Flag> ours) => new(forms[0], forms, fate, reason, [.. flags.Select(name => DockerFlag.Of(name, ours))]);
    }
}

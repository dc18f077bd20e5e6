using System.Text;

namespace Vitrine.Commands.CommandLine;

/// <summary>Help in docker's layout.</summary>
public static class HelpText
{
    private static string Program => ProgramName.Text;

    /// <summary>Columns that a line may be over its width where that saves a last line of one short word.</summary>
    private const int Slop = 5;

    /// <summary>The overview: <c>vitrine --help</c>.</summary>
    public static string Overview(CommandSet commands, FlagSet globals, int width)
    {
        var text = new StringBuilder();
        text.Append($"Usage:  {Program} [OPTIONS] COMMAND\n\n");
        text.Append("A container engine without a daemon that shows what a container really is\n\n");
        var top = commands.Commands.Where(c => !c.IsHidden && c.TopLevelName is not null).ToList();
        AppendCommands(text, "Common Commands", top.Where(c => c.IsCommon).Select(c => new Entry(c.TopLevelName!, c.Summary)));
        AppendCommands(text, "Management Commands", commands.Groups.Select(g => new Entry(g.Name, g.Summary)));
        AppendCommands(text, "Commands", top.Where(c => !c.IsCommon).Select(c => new Entry(c.TopLevelName!, c.Summary)).OrderBy(e => e.Name, StringComparer.Ordinal));
        AppendFlags(text, "Global Options", globals, width);
        text.Append($"Run '{Program} COMMAND --help' for more information on a command.\n");
        return text.ToString();
    }

    /// <summary>What a group leads to: <c>vitrine image</c>.</summary>
    public static string Group(CommandSet commands, CommandGroup group)
    {
        var text = new StringBuilder();
        text.Append($"Usage:  {Program} {group.Name} COMMAND\n\n{group.Summary}\n\n");
        var members = commands.Commands.Where(c => !c.IsHidden && c.NameIn(group.Name) is not null);
        AppendCommands(text, "Commands", members.Select(c => new Entry(c.NameIn(group.Name)!, c.Summary)).OrderBy(e => e.Name, StringComparer.Ordinal));
        text.Append($"Run '{Program} {group.Name} COMMAND --help' for more information on a command.\n");
        return text.ToString();
    }

    /// <summary>All about one verb: <c>vitrine run --help</c>.</summary>
    public static string Of(Command command, string form, VerbGrammar verb, int width)
    {
        var text = new StringBuilder();
        text.Append(UsageLine(form, verb)).Append("\n\n").Append(command.Summary).Append("\n\n");
        if (verb.Details is { } details)
            text.Append(details).Append("\n\n");
        if (command.Forms.Length > 1)
            text.Append("Aliases:\n  ").AppendJoin(", ", command.Forms.Select(f => $"{Program} {f}")).Append("\n\n");
        AppendFlags(text, "Options", verb.Flags, width);
        text.Length--;
        return text.ToString();
    }

    /// <summary>The usage line of a verb.</summary>
    public static string UsageLine(string form, VerbGrammar verb) => $"Usage:  {Program} {form} {verb.Usage}".TrimEnd();

    /// <summary>Breaks a text into lines at blanks; its own line feeds stay.</summary>
    /// <param name="text">The text.</param>
    /// <param name="indent">Blanks before each line but the first.</param>
    /// <param name="width">Columns of the screen.</param>
    public static string Wrap(string text, int indent, int width)
    {
        var room = Math.Max(width - indent, 24) - Slop;
        var lines = new List<string>();
        foreach (var paragraph in text.Split('\n'))
        {
            var rest = paragraph;
            while (rest.Length > room + Slop && rest.LastIndexOf(' ', room) is > 0 and var blank)
            {
                lines.Add(rest[..blank]);
                rest = rest[(blank + 1)..];
            }

            lines.Add(rest);
        }

        return string.Join("\n" + new string(' ', indent), lines);
    }

    private static void AppendCommands(StringBuilder text, string title, IEnumerable<Entry> commands)
    {
        var list = commands.ToList();
        var width = Math.Max(list.Max(c => c.Name.Length), 11);
        text.Append(title).Append(":\n");
        foreach (var entry in list)
            text.Append("  ").Append(entry.Name.PadRight(width)).Append(' ').Append(entry.Summary).Append('\n');
        text.Append('\n');
    }

    private static void AppendFlags(StringBuilder text, string title, FlagSet flags, int width)
    {
        var shown = flags.Flags.Where(f => !f.IsHidden && f is not RefusedFlag).OrderBy(f => f.Name, StringComparer.Ordinal).ToList();
        if (shown.Count == 0)
            return;
        var column = shown.Max(f => Names(f).Length) + 3;
        text.Append(title).Append(":\n");
        foreach (var flag in shown)
        {
            var description = flag.DefaultText is { } value ? $"{flag.Description} (default {value})" : flag.Description;
            text.Append(Names(flag).PadRight(column)).Append(Wrap(description, column, width)).Append('\n');
        }

        text.Append('\n');
    }

    private static string Names(Flag flag)
    {
        var shorthand = flag.Shorthand == Flag.None ? "    " : $"-{flag.Shorthand}, ";
        return flag.TypeName.Length == 0 ? $"  {shorthand}--{flag.Name}" : $"  {shorthand}--{flag.Name} {flag.TypeName}";
    }

    private sealed record Entry(string Name, string Summary);
}

using Vitrine.Commands;
using Vitrine.Glass.Explain;
using Vitrine.Insight;
using Vitrine.Insight.Control;
using Vitrine.Linux;

namespace Vitrine.Glass.Cgroups;

/// <summary>Settings for people: <c>name: value</c> as cgget prints them, and how they came to be.</summary>
internal static class SettingText
{
    /// <summary>One setting; further lines of its value are indented by a tab.</summary>
    public static void Write(CommandContext context, ControlReading reading)
    {
        context.Print($"{reading.Name}: {Lines(reading.Value).Replace("\n", "\n\t", StringComparison.Ordinal)}");
        if (reading.Formula is not { } formula)
            return;
        foreach (var source in reading.Sources)
            context.Print($"  from {source.Path} = {VisibleText.Of(source.Value.Split('\n')[0])}");
        context.Print($"  by {formula}");
    }

    /// <summary>A value of many lines, harmless for a terminal.</summary>
    public static string Lines(string value) => string.Join('\n', value.Split('\n').Select(VisibleText.Of));

    /// <summary>All settings with their names and values in the other version.</summary>
    public static void Table(Paper paper, ControlGroup group, IReadOnlyList<ControlReading> readings)
    {
        paper.Line($"{group.Name}: cgroup {group.Path}", Ink.Strong);
        if (group.Owner.Name is { } owner)
            paper.Line($"of {owner}", Ink.Faint);
        paper.Line();
        paper.Table(["SETTING", "VALUE", "IN THE OTHER VERSION"], [.. readings.Select(reading => new Cell[]
        {
            new(reading.Name, Ink.Accent), Value(reading.Name, reading.Value),
            reading.OtherName is { } other ? new Cell($"{other} = {Value(other, reading.OtherValue ?? "")}", Ink.Faint) : "",
        })]);
    }

    /// <summary>A change: before and after, the writes that made it, and what the kernel made of it.</summary>
    public static void Write(CommandContext context, ControlGroup group, ControlChange change, bool done)
    {
        var before = change.Before is { Length: > 0 } was ? $"{VisibleText.Of(was.Split('\n')[0])} -> " : "";
        context.Print($"{change.Name}: {before}{VisibleText.Of(done ? change.After?.Split('\n')[0] ?? change.Value : change.Value)}");
        if (change.Note is { } note)
            context.Print($"  {note}");
        foreach (var write in change.Writes)
        {
            if (!done || change.Formula is not null)
                context.Print($"  {(done ? "wrote" : "would write")} {write.Value} to {VisibleText.Of(group.PathOf(write.File) ?? "")}");
        }

        if (change.Formula is { } formula)
            context.Print($"  by {formula}");
        if (done && change.Differs)
            context.Print($"  {change.Value} was written: the kernel made {VisibleText.Of(change.After ?? "nothing")} of it{Reason(change)}");
    }

    private static string Reason(ControlChange change) => ControlKinds.Of(change.Name) switch
    {
        ControlKind.Bytes => ", in whole pages",
        _ => change.Formula is null ? "" : ", as the other version's scale is coarser",
    };

    /// <summary>A value as people read it: sizes in units, v1's largest number as no limit.</summary>
    private static string Value(string name, string value)
    {
        var line = value.Split('\n')[0];
        if (ControlKinds.Of(name) is not ControlKind.Bytes && !name.EndsWith("_in_bytes", StringComparison.Ordinal) && name is not "memory.current")
            return value.Contains('\n', StringComparison.Ordinal) ? $"{line} ..." : line;
        if (ControlValue.ParseLimit(line) is { } bytes)
            return $"{line} ({ByteText.Format(bytes)})";
        return line is "max" ? line : $"{line} (no limit)";
    }
}

using System.Globalization;
using Vitrine.Glass.Explain;
using Vitrine.Insight;
using Vitrine.Insight.Control;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Cgroups;

/// <summary>The tree of cgroups as a table.</summary>
internal static class TreeText
{
    private const int ShortId = 12;

    public static void Write(Paper paper, ControlNode root, bool processes, bool shorten)
    {
        var rows = new List<Cell[]>();
        Add(paper, rows, root, "", "", processes, shorten);
        paper.Table(
        [
            "CGROUP", new("PROCS", Right: true), new("MEMORY", Right: true), new("LIMIT", Right: true), new("CPUS", Right: true),
            new("WEIGHT", Right: true), new("PIDS", Right: true), new("MAX", Right: true), "OF",
        ], rows);
    }

    private static void Add(Paper paper, List<Cell[]> rows, ControlNode node, string branch, string stem, bool processes, bool shorten)
    {
        var name = node.Path == "/" || rows.Count == 0 ? node.Path : node.Path[(node.Path.LastIndexOf('/') + 1)..];
        rows.Add([
            new Cell(branch + Shortened(name, node.ContainerId, shorten), node.ContainerId is null ? Ink.Plain : Ink.Accent),
            node.Processes.Count == 0 ? "" : $"{node.Processes.Count}",
            Bytes(node.MemoryBytes), Bytes(node.MemoryLimitBytes),
            node.Cpus?.ToString("0.##", CultureInfo.InvariantCulture) ?? "",
            node.Weight is null or 100 ? "" : $"{node.Weight}",
            Number(node.Pids), Number(node.PidsLimit),
            new Cell(string.Join(' ', ((string?[])[node.Owner, node.ContainerName, node.Frozen == true ? "(frozen)" : null]).OfType<string>()), node.Frozen == true ? Ink.Caution : Ink.Faint),
        ]);
        foreach (var pid in processes ? node.Processes : [])
            rows.Add([new Cell($"{stem}{(node.Children.Count > 0 ? paper.Glyph("│ ", "| ") : "  ")} {pid} {ProcFs.Host.Stat(pid)?.Command}", Ink.Faint), "", "", "", "", "", "", "", ""]);
        for (var i = 0; i < node.Children.Count; i++)
        {
            var last = i == node.Children.Count - 1;
            Add(paper, rows, node.Children[i], stem + (last ? paper.Glyph("└─ ", "\\_ ") : paper.Glyph("├─ ", "|- ")),
                stem + (last ? "   " : paper.Glyph("│  ", "|  ")), processes, shorten);
        }
    }

    private static string Shortened(string name, string? id, bool shorten) =>
        shorten && id is { Length: > ShortId } ? name.Replace(id, id[..ShortId], StringComparison.Ordinal) : name;

    private static string Bytes(long? bytes) => bytes is { } number ? ByteText.Format(number) : "";

    private static string Number(long? number) => number is { } value ? $"{value}" : "";
}

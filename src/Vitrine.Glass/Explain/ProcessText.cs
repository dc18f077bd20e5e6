using Vitrine.Insight;

namespace Vitrine.Glass.Explain;

/// <summary>The process tree: host pid, pid inside, user outside and inside, command.</summary>
internal static class ProcessText
{
    public static void Write(Paper paper, ProcessSection section, int firstPid)
    {
        var rows = new List<Cell[]>();
        var depth = 0;
        if (section.Supervisor is { } supervisor)
        {
            rows.Add([$"{supervisor.Pid}", new Cell("-", Ink.Faint), new Cell("supervisor", Ink.Faint), "", new Cell(supervisor.Command, Ink.Accent)]);
            depth = 1;
        }

        var known = section.Processes.ToDictionary(process => process.Pid);
        foreach (var process in section.Processes.Where(process => !known.ContainsKey(process.ParentPid)))
            Add(paper, rows, section, process, process.Pid == firstPid ? depth : 0);
        paper.Table([new("HOST PID", Right: true), new("PID", Right: true), "USER", new("MEMORY", Right: true), "COMMAND"], rows);
    }

    private static void Add(Paper paper, List<Cell[]> rows, ProcessSection section, ContainerProcess process, int depth)
    {
        // A chain of parents that is a circle cannot come from the kernel, but from a recorded tree.
        if (depth > section.Processes.Count + 1)
            return;
        var branch = depth == 0 ? "" : new string(' ', (depth - 1) * 3) + paper.Glyph("└─ ", "\\_ ");
        rows.Add([
            $"{process.Pid}",
            new Cell($"{process.ContainerPid}", Ink.Strong),
            User(paper, process),
            ByteText.Format(process.ResidentBytes),
            $"{branch}{process.Command}{(process.State is 'Z' ? " <defunct>" : "")}",
        ]);
        foreach (var child in section.Processes.Where(child => child.ParentPid == process.Pid && child.Pid != process.Pid))
            Add(paper, rows, section, child, depth + 1);
    }

    // Where the numbers are the same there is nothing to translate.
    private static string User(Paper paper, ContainerProcess process) => process.ContainerUid switch
    {
        null => $"unmapped {paper.Glyph("→", "->")} {process.HostUid}",
        { } inside when inside == process.HostUid => $"{inside}",
        { } inside => $"{inside} {paper.Glyph("→", "->")} {process.HostUid}",
    };
}

using Vitrine.Commands.Output;
using Vitrine.Insight.View;

namespace Vitrine.Glass.Ps;

/// <summary>Shows the host view again and again: on a terminal the whole, elsewhere only what came and went.</summary>
internal sealed class HostWatch(Screen screen, RowFormat format)
{
    private const string Home = "\u001b[H";
    private const string ClearLine = "\u001b[K";
    private const string ClearBelow = "\u001b[J";

    private Dictionary<(int Pid, string Command), string> known = [];

    /// <summary>Shows what there is now.</summary>
    public void Show(IReadOnlyList<HostViewProcess> processes, IReadOnlyList<HostRow> rows)
    {
        if (screen.OutputIsTerminal)
            Redraw(rows);
        else
            PrintChanges(processes, rows);
        screen.Out.Flush();
    }

    /// <summary>Over what stands there, so that nothing flickers; lines beyond the window are left out.</summary>
    private void Redraw(IReadOnlyList<HostRow> rows)
    {
        using var text = new StringWriter { NewLine = "\n" };
        format.Print(text, HostRow.Header, rows);
        screen.Out.Write(Home);
        foreach (var line in text.ToString().TrimEnd('\n').Split('\n').Take(Math.Max(1, screen.Height - 1)))
            screen.Out.Write($"{(line.Length > screen.Width ? line[..screen.Width] : line)}{ClearLine}\n");
        screen.Out.Write(ClearBelow);
    }

    private void PrintChanges(IReadOnlyList<HostViewProcess> processes, IReadOnlyList<HostRow> rows)
    {
        var now = new Dictionary<(int, string), string>();
        for (var i = 0; i < rows.Count; i++)
        {
            var key = (processes[i].Pid, processes[i].Command);
            now[key] = known.TryGetValue(key, out var line) ? line : Line(rows[i]);
        }

        foreach (var (key, line) in known)
        {
            if (!now.ContainsKey(key))
                screen.Out.WriteLine($"- {line}");
        }

        foreach (var (key, line) in now)
        {
            if (!known.ContainsKey(key))
                screen.Out.WriteLine($"+ {line}");
        }

        known = now;
    }

    private string Line(HostRow row)
    {
        using var text = new StringWriter { NewLine = "\n" };
        format.PrintRow(text, row);
        return text.ToString().TrimEnd('\n');
    }
}

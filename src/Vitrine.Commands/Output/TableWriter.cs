using System.Text;

namespace Vitrine.Commands.Output;

/// <summary>
/// Aligns cells that end in a tab, as Go's text/tabwriter does with docker's settings: a column is at least 10 wide,
/// three blanks included; the last cell of a line is not padded. A column spans the lines that follow each other and have it.
/// </summary>
public static class TableWriter
{
    private const int MinimumWidth = 10;
    private const int Padding = 3;

    /// <summary>The text with its tabs turned into blanks.</summary>
    public static string Align(string text)
    {
        var lines = text.Split('\n').Select(line => line.Split('\t')).ToArray();
        var widths = lines.Select(cells => new int[cells.Length - 1]).ToArray();
        for (var column = 0; Array.Exists(widths, w => w.Length > column); column++)
            Measure(lines, widths, column);

        var result = new StringBuilder();
        for (var i = 0; i < lines.Length; i++)
        {
            result.Append(i == 0 ? "" : "\n");
            for (var column = 0; column < widths[i].Length; column++)
                result.Append(lines[i][column]).Append(' ', widths[i][column] - Width(lines[i][column]));
            result.Append(lines[i][^1]);
        }

        return result.ToString();
    }

    private static void Measure(string[][] lines, int[][] widths, int column)
    {
        for (var start = 0; start < lines.Length; start++)
        {
            var end = start;
            while (end < lines.Length && widths[end].Length > column)
                end++;
            if (end == start)
                continue;
            var width = MinimumWidth;
            for (var i = start; i < end; i++)
                width = Math.Max(width, Width(lines[i][column]) + Padding);
            for (var i = start; i < end; i++)
                widths[i][column] = width;
            start = end;
        }
    }

    private static int Width(string cell)
    {
        var width = 0;
        foreach (var _ in cell.EnumerateRunes())
            width++;
        return width;
    }
}

using System.Buffers;
using System.Text;
using Vitrine.Linux;

namespace Vitrine.Glass.Explain;

/// <summary>One cell of a table.</summary>
internal sealed record Cell(string Text, Ink Ink = Ink.Plain)
{
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>A column: its title, and whether its cells are numbers.</summary>
internal sealed record Column(string Title, bool Right = false)
{
    public static implicit operator Column(string title) => new(title);
}

/// <summary>Lays out headings, wrapped texts and tables. Everything written is made harmless for a terminal first.</summary>
internal sealed class Paper(TextWriter output, ExplainStyle style)
{
    private const int Margin = 2;
    private const int Gap = 2;
    private const int NarrowestColumn = 8;
    private const int LongestKept = 28;

    private static readonly SearchValues<char> Separators = SearchValues.Create("/:,;&=");

    private readonly int width = Math.Max(style.Width, 40);
    private bool written;

    /// <summary>Columns of a line.</summary>
    public int Width => width;

    /// <summary>Characters outside ASCII, or what stands for them.</summary>
    public string Glyph(string unicode, string ascii) => style.Unicode ? unicode : ascii;

    /// <summary>An empty line.</summary>
    public void Line() => output.Write('\n');

    /// <summary>Text from the left edge, wrapped.</summary>
    public void Line(string text, Ink ink = Ink.Plain)
    {
        foreach (var line in Wrap(VisibleText.Of(text), width))
            output.Write($"{Paint(line, ink)}\n");
    }

    /// <summary>An empty line, where something was written since the heading.</summary>
    public void Break()
    {
        if (written)
            Line();
        written = false;
    }

    /// <summary>A section's title, ruled to the right edge.</summary>
    public void Heading(string title)
    {
        var rule = string.Concat(Enumerable.Repeat(Glyph("─", "-"), Math.Max(4, width - title.Length - 4)));
        output.Write($"\n{Paint(Glyph("──", "--"), Ink.Faint)} {Paint(title, Ink.Strong)} {Paint(rule, Ink.Faint)}\n");
        written = false;
    }

    /// <summary>Text under a label, wrapped beside it.</summary>
    public void Labelled(Cell label, int labelWidth, params ReadOnlySpan<Cell> texts)
    {
        var indent = Margin + labelWidth + Gap;
        var name = VisibleText.Of(label.Text);
        var first = Pad(Margin) + Paint(name, label.Ink) + Pad(indent - Margin - name.Length);
        written = true;
        if (name.Length > labelWidth)
        {
            output.Write($"{first}\n");
            first = Pad(indent);
        }

        foreach (var text in texts)
        {
            foreach (var line in Wrap(VisibleText.Of(text.Text), width - indent))
            {
                output.Write($"{first}{Paint(line, text.Ink)}\n");
                first = Pad(indent);
            }
        }
    }

    /// <summary>Rows of cells. Where they do not fit beside each other, the widest columns are wrapped.</summary>
    public void Table(IReadOnlyList<Column> columns, IReadOnlyList<Cell[]> rows)
    {
        if (rows.Count == 0)
            return;
        written = true;
        var printable = rows.Select(row => row.Select(cell => cell with { Text = VisibleText.Of(cell.Text) }).ToArray()).ToList();
        var widths = Widths(columns, printable);
        if (columns.Any(column => column.Title.Length > 0))
            Row(columns, widths, [.. columns.Select(column => new Cell(column.Title, Ink.Faint))]);
        foreach (var row in printable)
            Row(columns, widths, row);
    }

    private int[] Widths(IReadOnlyList<Column> columns, List<Cell[]> rows)
    {
        var widths = new int[columns.Count];
        for (var i = 0; i < widths.Length; i++)
            widths[i] = Math.Max(columns[i].Title.Length, rows.Max(row => row[i].Text.Length));
        var excess = widths.Sum() + Gap * (widths.Length - 1) + Margin - width;
        // First between words; only where that is not enough, inside of them.
        var least = new int[widths.Length];
        for (var i = 0; i < least.Length; i++)
            least[i] = Math.Min(LongestKept, rows.Max(row => LongestWord(row[i].Text)));
        Shrink(widths, least, ref excess);
        Array.Clear(least);
        Shrink(widths, least, ref excess);
        return widths;
    }

    /// <summary>Takes columns from the widest one that has any to spare, until nothing is in excess.</summary>
    private static void Shrink(int[] widths, int[] least, ref int excess)
    {
        for (; excess > 0; excess--)
        {
            var widest = -1;
            for (var i = 0; i < widths.Length; i++)
            {
                if (widths[i] > Math.Max(least[i], NarrowestColumn) && (widest < 0 || widths[i] > widths[widest]))
                    widest = i;
            }

            if (widest < 0)
                return;
            widths[widest]--;
        }
    }

    private static int LongestWord(string text)
    {
        var longest = 0;
        foreach (var word in text.AsSpan().Split(' '))
            longest = Math.Max(longest, word.End.Value - word.Start.Value);
        return longest;
    }

    private void Row(IReadOnlyList<Column> columns, int[] widths, Cell[] cells)
    {
        var wrapped = cells.Select((cell, i) => Wrap(cell.Text, widths[i])).ToArray();
        for (var number = 0; number < wrapped.Max(lines => lines.Count); number++)
        {
            var line = new StringBuilder(Pad(Margin));
            var pending = 0;
            for (var i = 0; i < cells.Length; i++)
            {
                var text = number < wrapped[i].Count ? wrapped[i][number] : "";
                var pad = widths[i] - text.Length;
                // Blanks are written only when something follows: no line ends in them.
                if (text.Length > 0)
                    line.Append(' ', pending + (columns[i].Right ? pad : 0)).Append(Paint(text, cells[i].Ink));
                pending = text.Length == 0 ? pending + widths[i] + Gap : Gap + (columns[i].Right ? 0 : pad);
            }

            output.Write($"{line}\n");
        }
    }

    /// <summary>
    /// Breaks a text at blanks, and words that are longer than a line anywhere; at least one line. Blanks it begins with are
    /// kept, before the lines that follow too.
    /// </summary>
    internal static IReadOnlyList<string> Wrap(string text, int room)
    {
        room = Math.Max(room, NarrowestColumn);
        var lines = new List<string>();
        var rest = text.AsSpan().Trim(' ');
        var indent = text.AsSpan().IndexOfAnyExcept(' ');
        indent = indent < 0 || indent > room / 2 ? 0 : indent;
        var lead = Pad(indent);
        while (rest.Length > room - indent)
        {
            var end = BreakAt(rest, room - indent);
            lines.Add($"{lead}{rest[..end].TrimEnd(' ')}");
            rest = rest[end..].TrimStart(' ');
        }

        if (rest.Length > 0 || lines.Count == 0)
            lines.Add($"{lead}{rest}");
        return lines;
    }

    // At a blank, unless that leaves most of the line empty before a long path, which is then broken behind a separator.
    private static int BreakAt(ReadOnlySpan<char> text, int room)
    {
        var blank = text[..(room + 1)].LastIndexOf(' ');
        if (blank > room / 3)
            return blank;
        var separator = text[..room].LastIndexOfAny(Separators) + 1;
        return separator > room / 3 ? separator : room;
    }

    private string Paint(string text, Ink ink) => Painted(text, ink, style.Colour);

    /// <summary>The text in its ink.</summary>
    internal static string Painted(string text, Ink ink, bool colour)
    {
        if (!colour || ink == Ink.Plain || text.Length == 0)
            return text;
        var code = ink switch
        {
            Ink.Strong => "1",
            Ink.Faint => "2",
            Ink.Good => "32",
            Ink.Caution => "33",
            Ink.Bad => "1;31",
            _ => "36",
        };
        return $"\u001b[{code}m{text}\u001b[0m";
    }

    private static string Pad(int count) => new(' ', Math.Max(count, 0));
}

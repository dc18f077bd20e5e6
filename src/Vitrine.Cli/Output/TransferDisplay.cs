using Vitrine.Commands.Output;
using Vitrine.Images;

namespace Vitrine.Cli.Output;

/// <summary>
/// Shows the progress of a pull or load. On a terminal each layer keeps one line, which is written over; elsewhere each
/// change of a layer's status is a line, and byte counts are left out.
/// </summary>
/// <param name="output">Where to.</param>
/// <param name="isTerminal">Whether lines can be written over.</param>
/// <param name="width">Columns of the terminal.</param>
/// <param name="height">Rows of the terminal: what scrolled out of it cannot be written over.</param>
internal sealed class TransferDisplay(DescriptorWriter output, bool isTerminal, int width, int height) : IProgress<ImageProgress>
{
    private const int BarWidth = 50;
    private static readonly TimeSpan s_redrawInterval = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly Dictionary<string, (string Status, DateTime Drawn)> _layers = new(StringComparer.Ordinal);

    /// <summary>A display among results.</summary>
    public static TransferDisplay OnOutput(Screen screen) => new(screen.Out, screen.OutputIsTerminal, screen.Width, screen.Height);

    /// <summary>A display beside results.</summary>
    public static TransferDisplay OnError(Screen screen) => new(screen.Error, screen.ErrorIsTerminal, screen.Width, screen.Height);

    /// <summary>Takes a step, from any thread.</summary>
    public void Report(ImageProgress value)
    {
        lock (_lock)
        {
            if (value.Id is null)
                WriteWhole(value.Status);
            else if (isTerminal)
                Draw(value.Id, value);
            else if (IsNewStatus(value.Id, value.Status))
                output.WriteLine($"{value.Id}: {value.Status}");
            output.Flush();
        }
    }

    /// <summary>The bar of a step that counts bytes: <c>[====>    ]  1.2MB/4.5MB</c>.</summary>
    public static string Bar(long current, long? total)
    {
        if (total is not > 0)
            return HumanText.Size(current);
        var filled = (int)(Math.Clamp(current, 0, total.Value) * BarWidth / total.Value);
        var head = filled < BarWidth ? ">" : "";
        var bar = (new string('=', filled) + head).PadRight(BarWidth);
        return $"[{bar}]  {HumanText.Size(current)}/{HumanText.Size(total.Value)}";
    }

    private void WriteWhole(string status)
    {
        // Lines of layers above this one stay as they are now.
        _lines.Clear();
        _layers.Clear();
        output.WriteLine(status);
    }

    private bool IsNewStatus(string id, string status)
    {
        if (_layers.TryGetValue(id, out var shown) && shown.Status == status)
            return false;
        _layers[id] = (status, default);
        return true;
    }

    private void Draw(string id, ImageProgress step)
    {
        var now = DateTime.UtcNow;
        if (_layers.TryGetValue(id, out var shown) && shown.Status == step.Status && now - shown.Drawn < s_redrawInterval
            && step.Current != step.Total)
        {
            return;
        }

        _layers[id] = (step.Status, now);
        var text = $"{id}: {step.Status} {(step.Current is { } current ? Bar(current, step.Total) : "")}".TrimEnd();
        if (text.Length >= width)
            text = text[..Math.Max(width - 1, 0)];
        var index = _lines.IndexOf(id);
        if (index < 0)
        {
            _lines.Add(id);
            output.WriteLine(text);
            return;
        }

        var up = _lines.Count - index;
        if (up < height)
            output.Write($"\e[{up}A\r\e[2K{text}\e[{up}B\r");
    }
}

using System.Text;

namespace Vitrine.Glass.Script;

/// <summary>Gathers the lines of a script in blocks, each under a number and a sentence that says what it does and why.</summary>
internal sealed class ScriptText
{
    private const int Width = 100;

    private readonly StringBuilder _text = new();
    private readonly Counter _steps;

    private sealed class Counter
    {
        public int Last { get; set; }
    }

    public ScriptText() => _steps = new Counter();

    private ScriptText(Counter steps) => _steps = steps;

    /// <summary>A part of the same script: its steps go on counting.</summary>
    public ScriptText Part() => new(_steps);

    /// <summary>Begins a block.</summary>
    public void Step(string why)
    {
        _text.Append('\n');
        Comment($"{++_steps.Last}. {why}");
    }

    public void Line(string line = "") => _text.Append(line).Append('\n');

    public void Comment(string text)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + word.Length > Width)
            {
                Line(ShellText.Comment(line.ToString()));
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        Line(ShellText.Comment(line.ToString()));
    }

    public override string ToString() => _text.ToString();
}

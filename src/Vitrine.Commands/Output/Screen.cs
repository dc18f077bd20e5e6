using Vitrine.Linux;

namespace Vitrine.Commands.Output;

/// <summary>The three standard streams and what they are connected to.</summary>
public sealed class Screen
{
    private static readonly WindowSize s_default = new(24, 80);

    private readonly Lock _telling = new();

    /// <summary>Results; gathered, and flushed by the end of the program at the latest.</summary>
    public DescriptorWriter Out { get; } = new(Fd.StandardOutput, flushEachLine: false);

    /// <summary>Errors, notes and progress; never mixed with results.</summary>
    public DescriptorWriter Error { get; } = new(Fd.StandardError, flushEachLine: true);

    public bool InputIsTerminal { get; } = Terminal.IsTerminal(Fd.StandardInput);

    public bool OutputIsTerminal { get; } = Terminal.IsTerminal(Fd.StandardOutput);

    public bool ErrorIsTerminal { get; } = Terminal.IsTerminal(Fd.StandardError);

    /// <summary>Columns of the terminal, or 80.</summary>
    public int Width => Size.Columns;

    /// <summary>Rows of the terminal, or 24.</summary>
    public int Height => Size.Rows;

    /// <summary>Whether results may be coloured: on a terminal, unless NO_COLOR (https://no-color.org) or TERM=dumb says otherwise.</summary>
    public bool UseColour => OutputIsTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    private static WindowSize Size => Terminal.GetSize(Fd.StandardOutput) ?? Terminal.GetSize(Fd.StandardError) ?? s_default;

    /// <summary>What went wrong; it may quote foreign text.</summary>
    public void WriteError(string message)
    {
        Out.Flush();
        lock (_telling)
            Error.WriteLine($"{ProgramName.Text}: {VisibleText.OfLines(message)}");
    }

    /// <summary>What somebody should know although nothing went wrong; from any thread, as many things are done at once.</summary>
    public void WriteNote(string message)
    {
        lock (_telling)
            Error.WriteLine($"{ProgramName.Text}: note: {VisibleText.OfLines(message)}");
    }
}

namespace Vitrine.Runtime;

/// <summary>A flat list of system calls that turns a fresh clone into the configured process.</summary>
public sealed class SetupProgram
{
    /// <summary>What was configured but cannot be had, one line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Whether the process gets a terminal of its own.</summary>
    public bool Terminal { get; init; }

    /// <summary>Writes the program as text, one line for each instruction.</summary>
    public void Render(TextWriter writer) => throw new NotImplementedException();
}

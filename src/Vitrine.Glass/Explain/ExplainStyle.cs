namespace Vitrine.Glass.Explain;

/// <summary>How an explanation is put on paper.</summary>
internal sealed record ExplainStyle
{
    /// <summary>Columns; lines are wrapped to it.</summary>
    public int Width { get; init; } = 100;

    public bool Colour { get; init; }

    /// <summary>Lines and arrows outside ASCII.</summary>
    public bool Unicode { get; init; } = true;
}

/// <summary>What a piece of text is, which decides its colour.</summary>
internal enum Ink
{
    Plain,
    Strong,
    Faint,
    Good,
    Caution,
    Bad,
    Accent,
}

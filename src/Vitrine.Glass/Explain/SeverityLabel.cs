using Vitrine.Insight;

namespace Vitrine.Glass.Explain;

/// <summary>How bad something is, as a word before it.</summary>
internal static class SeverityLabel
{
    public static Cell Of(Severity severity) => severity switch
    {
        Severity.Critical => new Cell("CRITICAL", Ink.Bad),
        Severity.High => new Cell("HIGH", Ink.Bad),
        Severity.Medium => new Cell("MEDIUM", Ink.Caution),
        Severity.Low => new Cell("low", Ink.Caution),
        _ => new Cell("note", Ink.Faint),
    };
}

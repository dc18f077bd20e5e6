using System.Globalization;
using Vitrine.Commands.Output;

namespace Vitrine.Glass.Explain;

/// <summary>How an explanation is put on paper.</summary>
internal sealed record ExplainStyle
{
    private const int WidestText = 120;
    private const int WidthOfFiles = 100;

    /// <summary>Columns; lines are wrapped to it.</summary>
    public int Width { get; init; } = 100;

    public bool Colour { get; init; }

    /// <summary>Lines and arrows outside ASCII.</summary>
    public bool Unicode { get; init; } = true;

    /// <summary>What suits where the results go.</summary>
    public static ExplainStyle Of(Screen screen) => new()
    {
        Width = Math.Min(screen.OutputIsTerminal ? screen.Width : Columns(Environment.GetEnvironmentVariable) ?? WidthOfFiles, WidestText),
        Colour = screen.UseColour,
        Unicode = !screen.OutputIsTerminal || IsUnicode(Environment.GetEnvironmentVariable),
    };

    /// <summary>What COLUMNS says, for who shows this output on a terminal of another width; null where it says nothing.</summary>
    internal static int? Columns(Func<string, string?> variable) =>
        int.TryParse(variable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0 ? columns : null;

    /// <summary>Whether a terminal takes UTF-8: the first locale variable that is set says so (locale(7)); none set says nothing against.</summary>
    internal static bool IsUnicode(Func<string, string?> variable)
    {
        foreach (var name in (ReadOnlySpan<string>)["LC_ALL", "LC_CTYPE", "LANG"])
        {
            if (variable(name) is { Length: > 0 } locale)
                return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("utf8", StringComparison.OrdinalIgnoreCase);
        }

        return true;
    }
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

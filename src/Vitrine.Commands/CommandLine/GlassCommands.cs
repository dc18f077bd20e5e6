namespace Vitrine.Commands.CommandLine;

/// <summary>
/// The verbs of the glass box, which needs no engine: vitrine-glass has them; vitrine lists them in its help and completion
/// and hands them over.
/// </summary>
public static class GlassCommands
{
    public const string Program = "vitrine-glass";

    public static IReadOnlyList<Command> All { get; } =
    [
        Glass("Show what a container or process really is on this host", "container explain", "explain") with { IsCommon = true },
    ];

    private static Command Glass(string summary, params string[] forms) => new(summary, null, forms) { Program = Program };
}

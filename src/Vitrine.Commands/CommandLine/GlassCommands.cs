namespace Vitrine.Commands.CommandLine;

/// <summary>
/// The verbs of the glass box, which needs no engine: vitrine-glass has them; vitrine lists them in its help and completion
/// and hands them over.
/// </summary>
public static class GlassCommands
{
    public const string Program = "vitrine-glass";

    /// <summary>Words that lead to verbs of the glass box.</summary>
    public static IReadOnlyList<CommandGroup> Groups { get; } =
    [
        new("caps", "Decode, show and compare capabilities"),
    ];

    public static IReadOnlyList<Command> All { get; } =
    [
        Glass("Show what a container or process really is on this host", "container explain", "explain") with { IsCommon = true },
        Glass("Translate a mask of capabilities into names, and names into the mask", "caps decode"),
        Glass("Show the capabilities of a container or process and what each lets it do", "caps show"),
        Glass("Compare the capabilities of two containers, processes or sets", "caps diff"),
    ];

    private static Command Glass(string summary, params string[] forms) => new(summary, null, forms) { Program = Program };
}

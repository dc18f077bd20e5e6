namespace Vitrine.Commands;

/// <summary>What the program is called in what it says: <c>docker</c> where it was invoked by a link of that name.</summary>
public static class ProgramName
{
    private const string Own = "vitrine";

    /// <summary>The name.</summary>
    public static string Text { get; } = Of(Environment.GetCommandLineArgs() is [var first, ..] ? first : Own);

    /// <summary>Whether somebody expects docker.</summary>
    public static bool IsDocker => Text != Own;

    internal static string Of(string invokedAs) => Path.GetFileName(invokedAs) == "docker" ? "docker" : Own;
}

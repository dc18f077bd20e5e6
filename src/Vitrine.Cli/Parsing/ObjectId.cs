namespace Vitrine.Cli.Parsing;

/// <summary>Names and ids of objects on the command line.</summary>
internal static class ObjectId
{
    /// <summary>The text, which must not be empty.</summary>
    /// <param name="kind">container, network or volume.</param>
    /// <param name="text">What was given.</param>
    /// <exception cref="VitrineException">Invalid, in docker's words.</exception>
    public static string Check(string kind, string text) => text.Trim().Length > 0 ? text
        : throw new VitrineException(ErrorKind.Invalid, $"invalid {kind} name or ID: value is empty");
}

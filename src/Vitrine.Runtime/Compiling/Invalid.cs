namespace Vitrine.Runtime;

/// <summary>Errors of the configuration, which is the caller's to correct.</summary>
internal static class Invalid
{
    public static VitrineException Configuration(string problem) => new(ErrorKind.Invalid, $"invalid configuration: {problem}");

    public static VitrineException Unsupported(string what) => new(ErrorKind.NotImplemented, $"{what} is not supported");
}

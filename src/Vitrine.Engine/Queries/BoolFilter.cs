namespace Vitrine.Engine.Queries;

/// <summary>Values of filters that are on or off: dangling, all.</summary>
internal static class BoolFilter
{
    /// <exception cref="VitrineException">Invalid: neither.</exception>
    public static bool Parse(string name, string value) => value switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw new VitrineException(ErrorKind.Invalid, $"invalid filter '{name}={value}'"),
    };
}

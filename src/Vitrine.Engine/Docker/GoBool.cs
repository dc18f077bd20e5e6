namespace Vitrine.Engine.Docker;

/// <summary>Go's words for true and false, which docker's parameters and options are written in (strconv.ParseBool).</summary>
public static class GoBool
{
    /// <summary>What a word says; null where it is none of them.</summary>
    public static bool? TryParse(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => null,
    };
}

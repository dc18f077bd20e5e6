namespace Vitrine.Engine.Queries;

/// <summary>The pattern of a filter <c>name=</c>.</summary>
internal static class NamePattern
{
    /// <summary>The pattern, or null where the text is none: then no name matches, as docker has it.</summary>
    public static Pattern? TryParse(string value)
    {
        try
        {
            return Pattern.Parse(value);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

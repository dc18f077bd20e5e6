namespace Vitrine.Engine.Queries;

/// <summary>The pattern of a filter <c>name=</c>.</summary>
internal static class NamePattern
{
    /// <exception cref="VitrineException">Invalid: not a pattern.</exception>
    public static Pattern Parse(string value)
    {
        try
        {
            return Pattern.Parse(value);
        }
        catch (FormatException e)
        {
            throw new VitrineException(ErrorKind.Invalid, $"invalid filter 'name={value}': {e.Message}", e);
        }
    }
}

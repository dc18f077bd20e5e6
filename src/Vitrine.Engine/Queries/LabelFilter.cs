namespace Vitrine.Engine.Queries;

/// <summary>The value of a label= filter: a name, or name=value.</summary>
internal static class LabelFilter
{
    public static bool Matches(IReadOnlyDictionary<string, string>? labels, string wanted)
    {
        var equals = wanted.IndexOf('=', StringComparison.Ordinal);
        return labels is not null && labels.TryGetValue(equals < 0 ? wanted : wanted[..equals], out var value)
            && (equals < 0 || value == wanted[(equals + 1)..]);
    }
}

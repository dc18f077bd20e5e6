using Vitrine.Commands.Parsing;

namespace Vitrine.Commands.CommandLine;

/// <summary><c>--filter name=value</c>, which may be given many times.</summary>
public sealed record Filter(string Name, string Value)
{
    public static ListFlag<Filter> Flag() => Flag('f', "Filter output based on conditions provided");

    /// <summary>Of verbs in which it means something else.</summary>
    public static ListFlag<Filter> Flag(char shorthand, string description) => new("filter", shorthand, "filter", description, Parse);

    /// <summary>The filters as the engine takes them: each name with all its values.</summary>
    public static Dictionary<string, IReadOnlyList<string>> ToMap(IEnumerable<Filter> filters) => filters
        .GroupBy(filter => filter.Name, filter => filter.Value, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group], StringComparer.Ordinal);

    private static Filter Parse(string text)
    {
        var (name, value) = KeyValues.Cut(text, '=');
        return value is null
            ? throw new FlagValueException("bad format of filter (expected name=value)")
            : new Filter(name.Trim().ToLowerInvariant(), value.Trim());
    }
}

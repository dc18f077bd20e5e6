using Vitrine.Cli.CommandLine;
using Vitrine.Cli.Parsing;

namespace Vitrine.Cli.Verbs;

/// <summary><c>--filter name=value</c>, which may be given many times.</summary>
internal static class Filters
{
    public static ListFlag<KeyValuePair<string, string>> Flag() =>
        new("filter", 'f', "filter", "Filter output based on conditions provided", Parse);

    /// <summary>The filters as the engine takes them: each name with all its values.</summary>
    public static Dictionary<string, IReadOnlyList<string>> ToMap(IEnumerable<KeyValuePair<string, string>> filters) =>
        filters.GroupBy(f => f.Key, f => f.Value).ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g], StringComparer.Ordinal);

    public static KeyValuePair<string, string> Parse(string text)
    {
        var (name, value) = KeyValues.Cut(text, '=');
        return value is null
            ? throw new FlagValueException("invalid argument format of filter; expected name=value")
            : new(name.Trim().ToLowerInvariant(), value.Trim());
    }
}

using Vitrine.Commands.CommandLine;

namespace Vitrine.Commands.Parsing;

/// <summary>Lists of <c>key=value</c>: labels, variables, options of drivers.</summary>
public static class KeyValues
{
    /// <summary>A map of what the list says; a key without <c>=</c> has an empty value, the last value counts.</summary>
    public static Dictionary<string, string> ToMap(IEnumerable<string> pairs)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var (key, value) = Cut(pair, '=');
            map[key] = value ?? "";
        }

        return map;
    }

    /// <summary>What is before and after the first separator; null after where there is none.</summary>
    public static (string Before, string? After) Cut(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }

    /// <summary>Checks a label.</summary>
    public static string CheckLabel(string label) =>
        Cut(label, '=').Before.Length > 0 ? label : throw new FlagValueException($"invalid label '{label}': empty name");

    /// <summary>Completes a variable: a bare name takes its value from Vitrine's own environment, where it has one.</summary>
    public static string CompleteVariable(string variable)
    {
        var (name, value) = Cut(variable, '=');
        if (name.Length == 0)
            throw new FlagValueException($"invalid environment variable: {variable}");
        return value is null && Environment.GetEnvironmentVariable(name) is { } own ? $"{name}={own}" : variable;
    }
}

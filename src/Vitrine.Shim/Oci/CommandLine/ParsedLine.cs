using System.Globalization;

namespace Vitrine.Shim.Oci.CommandLine;

/// <summary>
/// A command line by the rules of runc's, Go's flag package: one dash or two, the value behind "=" or as the next argument,
/// a switch alone or with =true and =false; flags end at the first argument that is none, or at "--".
/// </summary>
internal sealed class ParsedLine
{
    private readonly Dictionary<string, List<string>> _values = [];

    private ParsedLine(IReadOnlyList<string> rest) => Arguments = rest;

    /// <summary>What follows the flags.</summary>
    public IReadOnlyList<string> Arguments { get; private set; }

    /// <summary>Parses.</summary>
    /// <exception cref="UsageException">A flag is not known or its value is none.</exception>
    public static ParsedLine Parse(IReadOnlyList<Flag> known, ReadOnlySpan<string> arguments)
    {
        var parsed = new ParsedLine([]);
        var at = 0;
        while (at < arguments.Length && arguments[at] is { Length: > 1 } argument && argument[0] == '-')
        {
            at++;
            if (argument == "--")
                break;
            parsed.Take(known, argument, arguments, ref at);
        }

        parsed.Arguments = arguments[at..].ToArray();
        return parsed;
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public bool IsSet(string name) => _values.TryGetValue(name, out var values) && values[^1] == "true";

    /// <summary>The last value; null where it was not given.</summary>
    public string? Text(string name) => _values.TryGetValue(name, out var values) ? values[^1] : null;

    public IReadOnlyList<string> Texts(string name) => _values.TryGetValue(name, out var values) ? values : [];

    /// <summary>A whole number; null where it was not given.</summary>
    public long? Number(string name) =>
        Text(name) is { } text ? long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : null;

    private void Take(IReadOnlyList<Flag> known, string argument, ReadOnlySpan<string> all, ref int at)
    {
        var text = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..] : argument[1..];
        var equals = text.IndexOf('=');
        var name = equals < 0 ? text : text[..equals];
        var flag = Find(known, name) ?? throw new UsageException($"flag provided but not defined: -{name}");
        string value;
        if (equals >= 0)
            value = text[(equals + 1)..];
        else if (flag.Kind == FlagKind.Switch)
            value = "true";
        else
            value = at < all.Length ? all[at++] : throw new UsageException($"flag needs an argument: -{name}");
        Add(flag, name, value);
    }

    private void Add(Flag flag, string given, string value)
    {
        if (flag.Kind == FlagKind.Switch)
        {
            value = value switch
            {
                "1" or "t" or "T" or "true" or "TRUE" or "True" => "true",
                "0" or "f" or "F" or "false" or "FALSE" or "False" => "false",
                _ => throw new UsageException($"invalid boolean value \"{value}\" for -{given}: parse error"),
            };
        }
        else if (flag.Kind == FlagKind.Number && !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            throw new UsageException($"invalid value \"{value}\" for flag -{given}: parse error");
        }

        if (!_values.TryGetValue(flag.Name, out var values))
            _values.Add(flag.Name, values = []);
        values.Add(value);
    }

    private static Flag? Find(IReadOnlyList<Flag> known, string name)
    {
        foreach (var flag in known)
            if (flag.Name == name || flag.Short == name)
                return flag;
        return null;
    }
}

/// <summary>The command line is wrong.</summary>
internal sealed class UsageException(string message) : VitrineException(ErrorKind.Invalid, message);

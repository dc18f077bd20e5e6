using System.Globalization;
using System.Text;

namespace Vitrine.Commands.Templates;

/// <summary>Values as Go's fmt package prints them with %v and %q, and Go's string literals.</summary>
public static class GoText
{
    /// <summary>%v of a value.</summary>
    public static string Print(object? value)
    {
        if (value is string text)
            return text;
        var result = new StringBuilder();
        Append(result, value);
        return result.ToString();
    }

    /// <summary>The name of a value's type in Go.</summary>
    public static string TypeOf(object? value) => value switch
    {
        null => "nil",
        bool => "bool",
        long => "int",
        double => "float64",
        string => "string",
        TemplateMap => "map[string]interface {}",
        ITemplateObject row => row.TypeName,
        _ => "[]interface {}",
    };

    /// <summary>%v of a floating-point number: shortest digits, an exponent from 1e21 on.</summary>
    public static string Print(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        var magnitude = Math.Abs(value);
        if (magnitude is 0 or (>= 1e-4 and < 1e21))
            return value.ToString("0." + new string('#', 20), CultureInfo.InvariantCulture);
        var shortest = value.ToString("E16", CultureInfo.InvariantCulture);
        var r = value.ToString("R", CultureInfo.InvariantCulture);
        var mark = r.IndexOf('E', StringComparison.Ordinal);
        var mantissa = mark < 0 ? shortest[..shortest.IndexOf('E', StringComparison.Ordinal)].TrimEnd('0').TrimEnd('.') : r[..mark];
        var exponent = int.Parse(shortest[(shortest.IndexOf('E', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
        return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    /// <summary>A string as a Go literal in double quotes (strconv.Quote).</summary>
    public static string Quote(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
            AppendQuoted(result, rune);
        return result.Append('"').ToString();
    }

    /// <summary>The text of a Go string or character literal, or null where an escape is wrong.</summary>
    public static string? Unquote(string literal)
    {
        var result = new StringBuilder();
        for (var i = 1; i < literal.Length - 1; i++)
        {
            if (literal[i] != '\\')
            {
                result.Append(literal[i]);
                continue;
            }

            if (++i >= literal.Length - 1 || !AppendEscape(result, literal, ref i))
                return null;
        }

        return result.ToString();
    }

    private static void Append(StringBuilder result, object? value)
    {
        switch (value)
        {
            case null: result.Append("<nil>"); break;
            case bool b: result.Append(b ? "true" : "false"); break;
            case long l: result.Append(l); break;
            case double d: result.Append(Print(d)); break;
            case string s: result.Append(s); break;
            case TemplateMap map: AppendMap(result, map.SortedKeys, key => map[key]); break;
            case ITemplateObject row: AppendMap(result, row.FieldNames, name => row.TryGet(name, [], out var v) ? v : null); break;
            case IReadOnlyList<object?> list: AppendList(result, list); break;
            default: throw new InvalidOperationException($"not a template value: {value.GetType()}");
        }
    }

    private static void AppendMap(StringBuilder result, IEnumerable<string> keys, Func<string, object?> get)
    {
        var first = true;
        result.Append("map[");
        foreach (var key in keys)
        {
            result.Append(first ? "" : " ").Append(key).Append(':');
            Append(result, get(key));
            first = false;
        }

        result.Append(']');
    }

    private static void AppendList(StringBuilder result, IReadOnlyList<object?> list)
    {
        result.Append('[');
        for (var i = 0; i < list.Count; i++)
        {
            result.Append(i == 0 ? "" : " ");
            Append(result, list[i]);
        }

        result.Append(']');
    }

    private static void AppendQuoted(StringBuilder result, Rune rune)
    {
        var simple = rune.Value switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\a' => "\\a",
            '\b' => "\\b",
            '\f' => "\\f",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\v' => "\\v",
            _ => null,
        };
        if (simple is not null)
            result.Append(simple);
        else if (rune.Value < ' ' || rune.Value == 0x7f)
            result.Append($"\\x{rune.Value:x2}");
        else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse)
            result.Append(rune.Value > 0xffff ? $"\\U{rune.Value:x8}" : $"\\u{rune.Value:x4}");
        else
            result.Append(rune.ToString());
    }

    private static bool AppendEscape(StringBuilder result, string literal, ref int i)
    {
        var (digits, radix) = literal[i] switch
        {
            'x' => (2, 16),
            'u' => (4, 16),
            'U' => (8, 16),
            >= '0' and <= '7' => (3, 8),
            _ => (0, 0),
        };
        if (digits == 0)
            return AppendSimpleEscape(result, literal[i]);

        var start = radix == 8 ? i : i + 1;
        if (start + digits > literal.Length - 1)
            return false;
        var code = 0;
        foreach (var digit in literal.AsSpan(start, digits))
        {
            var value = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : 16;
            if (value >= radix)
                return false;
            code = (code * radix) + value;
        }

        i = start + digits - 1;
        if (!Rune.IsValid(code))
            return false;
        result.Append(new Rune(code).ToString());
        return true;
    }

    private static bool AppendSimpleEscape(StringBuilder result, char escape)
    {
        const string Escapes = "abfnrtv\\\"'";
        const string Meanings = "\a\b\f\n\r\t\v\\\"'";
        var index = Escapes.IndexOf(escape, StringComparison.Ordinal);
        if (index >= 0)
            result.Append(Meanings[index]);
        return index >= 0;
    }
}

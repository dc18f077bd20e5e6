using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Vitrine.Commands.Templates;

/// <summary>What a template function takes for one argument.</summary>
public enum ParameterKind
{
    Any,
    String,
    Integer,
}

/// <summary>A function that templates can call.</summary>
/// <param name="Minimum">The least number of arguments.</param>
/// <param name="IsVariadic">Whether more arguments may follow.</param>
/// <param name="Parameters">The kinds of the first arguments; the rest are of any kind.</param>
/// <param name="Call">The function.</param>
public sealed record TemplateFunction(int Minimum, bool IsVariadic, ParameterKind[] Parameters,
    Func<IReadOnlyList<object?>, object?> Call);

/// <summary>The functions of Go's text/template and those that Docker adds.</summary>
public static class Functions
{
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a template may name this function.</summary>
    public static bool Exists(string name) => Find(name, forHeader: false) is not null;

    /// <summary>The function of a name, or null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="forHeader">Whether a table's header is being made: what changes text there leaves it alone.</param>
    public static TemplateFunction? Find(string name, bool forHeader)
    {
        if (forHeader && name is ("json" or "lower" or "upper" or "title" or "truncate"))
            return Take(name == "truncate" ? 2 : 1, a => a[0]);
        return Text(name) ?? Structure(name) ?? Comparison.Find(name);
    }

    private static TemplateFunction? Text(string name) => name switch
    {
        "json" => Take(1, a => Json(a[0])),
        "lower" => Strings(1, a => a[0].ToLowerInvariant()),
        "upper" => Strings(1, a => a[0].ToUpperInvariant()),
        "title" => Strings(1, a => Title(a[0])),
        "split" => Strings(2, a => Split(a[0], a[1])),
        "truncate" => Take([ParameterKind.String, ParameterKind.Integer], a => Truncate((string)a[0]!, (long)a[1]!)),
        "pad" => Take([ParameterKind.String, ParameterKind.Integer, ParameterKind.Integer],
            a => Pad((string)a[0]!, (long)a[1]!, (long)a[2]!)),
        "join" => Take([ParameterKind.Any, ParameterKind.String], a => Join(a[0], (string)a[1]!)),
        "print" => new(0, true, [], a => PrintAll(a)),
        "println" => new(0, true, [], a => string.Join(' ', a.Select(GoText.Print)) + "\n"),
        "printf" => new(1, true, [ParameterKind.String], a => GoPrintf.Format((string)a[0]!, a.Skip(1).ToArray())),
        "html" => new(0, true, [], a => Html(PrintAll(a))),
        "urlquery" => new(0, true, [], a => Uri.EscapeDataString(PrintAll(a)).Replace("%20", "+", StringComparison.Ordinal)),
        _ => null,
    };

    private static TemplateFunction? Structure(string name) => name switch
    {
        "len" => Take(1, a => Length(a[0])),
        "index" => new(1, true, [], Index),
        "slice" => new(1, true, [], Slice),
        "and" => new(1, true, [], a => a.FirstOrDefault(v => !Truth.Of(v), a[^1])),
        "or" => new(1, true, [], a => a.FirstOrDefault(Truth.Of, a[^1])),
        "not" => Take(1, a => !Truth.Of(a[0])),
        _ => null,
    };

    private static TemplateFunction Take(int count, Func<IReadOnlyList<object?>, object?> call) => new(count, false, [], call);

    private static TemplateFunction Take(ParameterKind[] kinds, Func<IReadOnlyList<object?>, object?> call) =>
        new(kinds.Length, false, kinds, call);

    private static TemplateFunction Strings(int count, Func<string[], object?> call) =>
        new(count, false, Enumerable.Repeat(ParameterKind.String, count).ToArray(), a => call(a.Cast<string>().ToArray()));

    private static string Json(object? value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, s_json))
            TemplateJson.Write(writer, value);
        var json = Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
        return value is not ITemplateObject { EscapesMarkup: true } || json.AsSpan().IndexOfAny('<', '>', '&') < 0 ? json
            : json.Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal);
    }

    private static string Title(string text)
    {
        var result = text.ToCharArray();
        for (var i = 0; i < result.Length; i++)
        {
            var startsWord = i == 0 || !(char.IsLetterOrDigit(result[i - 1]) || result[i - 1] is '_' or '\'');
            if (startsWord)
                result[i] = char.ToUpperInvariant(result[i]);
        }

        return new string(result);
    }

    private static List<object?> Split(string text, string separator) => separator.Length == 0
        ? SplitRunes(text)
        : text.Split(separator).Cast<object?>().ToList();

    private static List<object?> SplitRunes(string text)
    {
        var runes = new List<object?>();
        foreach (var rune in text.EnumerateRunes())
            runes.Add(rune.ToString());
        return runes;
    }

    private static string Truncate(string text, long length) =>
        length >= 0 && length < text.Length ? text[..(int)length] : text;

    private static string Pad(string text, long before, long after) =>
        text.Length == 0 ? text : new string(' ', Bounded(before)) + text + new string(' ', Bounded(after));

    private static int Bounded(long width) => (int)Math.Clamp(width, 0, 10_000);

    private static string Join(object? list, string separator) => list switch
    {
        null => "",
        IReadOnlyList<object?> items => string.Join(separator, items.Select(GoText.Print)),
        _ => throw new TemplateFunctionException($"expected slice, got {GoText.TypeOf(list)}"),
    };

    /// <summary>fmt.Sprint: a blank only between two operands neither of which is a string.</summary>
    private static string PrintAll(IReadOnlyList<object?> values)
    {
        var result = new StringBuilder();
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0 && values[i] is not string && values[i - 1] is not string)
                result.Append(' ');
            result.Append(GoText.Print(values[i]));
        }

        return result.ToString();
    }

    private static string Html(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&#34;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal);

    private static long Length(object? value) => value switch
    {
        null => 0L,
        string s => (long)Encoding.UTF8.GetByteCount(s),
        TemplateMap map => (long)map.Count,
        IReadOnlyList<object?> list => (long)list.Count,
        _ => throw new TemplateFunctionException($"len of type {GoText.TypeOf(value)}"),
    };

    private static object? Index(IReadOnlyList<object?> arguments)
    {
        var item = arguments[0];
        foreach (var index in arguments.Skip(1))
            item = IndexOnce(item, index);
        return item;
    }

    private static object? IndexOnce(object? item, object? index)
    {
        switch (item)
        {
            case null:
                throw new TemplateFunctionException("index of untyped nil");
            case TemplateMap map when index is string key:
                return map.TryGetValue(key, out var value) ? value : "";
            case TemplateMap:
                throw new TemplateFunctionException($"value has type {GoText.TypeOf(index)}; should be string");
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                return (long)bytes[Position(index, bytes.Length)];
            case IReadOnlyList<object?> list:
                return list[Position(index, list.Count)];
            default:
                throw new TemplateFunctionException($"can't index item of type {GoText.TypeOf(item)}");
        }
    }

    private static int Position(object? index, int length)
    {
        if (index is not long position)
            throw new TemplateFunctionException($"cannot index slice/array with type {GoText.TypeOf(index)}");
        return position >= 0 && position < length
            ? (int)position
            : throw new TemplateFunctionException($"index out of range: {position.ToString(CultureInfo.InvariantCulture)}");
    }

    private static object Slice(IReadOnlyList<object?> arguments)
    {
        var length = arguments[0] switch
        {
            string s => s.Length,
            IReadOnlyList<object?> list => list.Count,
            var other => throw new TemplateFunctionException($"can't slice item of type {GoText.TypeOf(other)}"),
        };
        var from = arguments.Count > 1 ? Position(arguments[1], length + 1) : 0;
        var to = arguments.Count > 2 ? Position(arguments[2], length + 1) : length;
        if (from > to)
            throw new TemplateFunctionException($"invalid slice index: {from} > {to}");
        if (arguments[0] is string text)
            return text[from..to];
        IReadOnlyList<object?> items = [.. ((IReadOnlyList<object?>)arguments[0]!).Skip(from).Take(to - from)];
        return items;
    }
}

/// <summary>What counts as true in <c>if</c>: whatever is not empty.</summary>
public static class Truth
{
    public static bool Of(object? value) => value switch
    {
        null => false,
        bool b => b,
        long l => l != 0,
        double d => d != 0,
        string s => s.Length > 0,
        TemplateMap map => map.Count > 0,
        IReadOnlyList<object?> list => list.Count > 0,
        _ => true,
    };
}

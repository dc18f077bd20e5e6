using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Vitrine.TestKit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>
/// What docker's specification says of version 1.51: operations with parameters, statuses and forms of answers, from
/// engine-api.json, which tools/engine-api/generate makes of moby's api/docs/v1.51.yaml.
/// </summary>
public static partial class EngineApi
{
    /// <summary>Null in docker's answers too, though the specification does not say so. Lists and maps that Go has none of are null anywhere.</summary>
    private static readonly string[] s_nullable = ["MemorySwappiness", "ExitCode"];

    /// <summary>What this engine tells beside, and docker's own fields for old clients, which the specification leaves out.</summary>
    private static readonly string[] s_beside = ["/info .CgroupParent", "/info .ExecRoot", "/info .ShimPath", "/events .id", "/events .status", "/events .from"];

    private static readonly JsonElement s_spec = Load();

    public static IReadOnlyList<ApiOperation> Operations { get; } = [.. s_spec.GetProperty("operations").EnumerateArray().Select(static json => new ApiOperation(
        json.GetProperty("operation").GetString()!,
        [.. json.GetProperty("query").EnumerateObject().Select(static query => query.Name)],
        [.. json.GetProperty("statuses").EnumerateArray().Select(static status => status.GetInt32())]))];

    /// <summary>The operation that a request is for.</summary>
    public static ApiOperation Of(string method, string path) => Operations.First(operation => operation.Matches(method, path.Split('?')[0]));

    /// <summary>Where an answer is not of the form that the specification gives it.</summary>
    /// <param name="operation">As <c>GET /containers/{id}/json</c>.</param>
    /// <param name="status">The answer's.</param>
    /// <param name="answer">Its body.</param>
    public static IEnumerable<string> Problems(string operation, int status, JsonElement answer)
    {
        var form = s_spec.GetProperty("operations").EnumerateArray().First(one => one.GetProperty("operation").GetString() == operation)
            .GetProperty("answers").GetProperty(status.ToString(CultureInfo.InvariantCulture));
        var path = operation.Split(' ')[1];
        return Check(answer, form, "").Select(problem => $"{path} {problem}").Where(problem => !s_beside.Any(known => problem.StartsWith(known + ":", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Check(JsonElement value, JsonElement form, string at)
    {
        if (form.TryGetProperty("ref", out var name))
            return value.ValueKind is JsonValueKind.Null && IsNullable(form, at) ? [] : Check(value, Definition(name), at);
        if (form.TryGetProperty("allOf", out var parts))
            return CheckAll(value, [.. parts.EnumerateArray()], at);
        if (value.ValueKind is JsonValueKind.Null)
            return IsNullable(form, at) || Text(form, "type") is "array" || form.TryGetProperty("values", out _) || Text(form, "type") == "object" && !form.TryGetProperty("properties", out _) ? [] : [$"{at}: null"];
        return Text(form, "type") switch
        {
            "array" => value.ValueKind is not JsonValueKind.Array ? [$"{at}: no list: {value}"]
                : form.TryGetProperty("items", out var items) ? value.EnumerateArray().SelectMany(item => Check(item, items, at + "[]")) : [],
            "string" => CheckText(value, form, at),
            "integer" => value.ValueKind is JsonValueKind.Number && !value.GetRawText().AsSpan().ContainsAny(".eE") ? [] : [$"{at}: no whole number: {value}"],
            "number" => value.ValueKind is JsonValueKind.Number ? [] : [$"{at}: no number: {value}"],
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? [] : [$"{at}: neither true nor false: {value}"],
            _ => CheckObject(value, [form], at),
        };
    }

    /// <summary>An object has the fields of all parts; what is no object is of the form of each.</summary>
    private static IEnumerable<string> CheckAll(JsonElement value, IReadOnlyList<JsonElement> parts, string at)
    {
        var flat = parts.SelectMany(Flat).ToList();
        return flat.Exists(static part => part.TryGetProperty("properties", out _)) ? CheckObject(value, flat, at) : flat.SelectMany(part => Check(value, part, at));
    }

    private static IEnumerable<JsonElement> Flat(JsonElement form) =>
        form.TryGetProperty("ref", out var name) ? Flat(Definition(name))
        : form.TryGetProperty("allOf", out var parts) ? parts.EnumerateArray().SelectMany(Flat)
        : [form];

    private static IEnumerable<string> CheckObject(JsonElement value, IReadOnlyList<JsonElement> forms, string at)
    {
        if (value.ValueKind is not JsonValueKind.Object)
            return [$"{at}: no object: {value}"];
        var known = forms.Where(static form => form.TryGetProperty("properties", out _)).SelectMany(static form => form.GetProperty("properties").EnumerateObject())
            .GroupBy(static property => property.Name).ToDictionary(static group => group.Key, static group => group.Last().Value);
        var required = forms.Where(static form => form.TryGetProperty("required", out _)).SelectMany(static form => form.GetProperty("required").EnumerateArray()).Select(static name => name.GetString()!);
        var values = forms.Where(static form => form.TryGetProperty("values", out _)).Select(static form => form.GetProperty("values")).ToList();
        var missing = required.Where(name => !value.TryGetProperty(name, out _)).Select(name => $"{at}.{name}: missing");
        var wrong = value.EnumerateObject().SelectMany(field =>
            known.TryGetValue(field.Name, out var form) ? Check(field.Value, form, $"{at}.{field.Name}")
            : values.Count > 0 ? Check(field.Value, values[0], $"{at}.*")
            : known.Count > 0 ? [$"{at}.{field.Name}: not in the specification: {field.Value}"]
            : []);
        return missing.Concat(wrong);
    }

    private static IEnumerable<string> CheckText(JsonElement value, JsonElement form, string at)
    {
        if (value.ValueKind is not JsonValueKind.String)
            return [$"{at}: no text: {value}"];
        var text = value.GetString()!;
        if (form.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => word.GetString() == text))
            return [$"{at}: no such word: {text}"];
        return Text(form, "format") is "dateTime" or "date-time" && !Moment().IsMatch(text) ? [$"{at}: no moment: {text}"] : [];
    }

    private static bool IsNullable(JsonElement form, string at) =>
        form.TryGetProperty("x-nullable", out var nullable) && nullable.GetBoolean() || s_nullable.Contains(at.Split('.')[^1]);

    private static string? Text(JsonElement form, string name) => form.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static JsonElement Definition(JsonElement name) => s_spec.GetProperty("definitions").GetProperty(name.GetString()!);

    private static JsonElement Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "integration", "Api", "engine-api.json")));
        return document.RootElement.Clone();
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex Moment();
}

/// <summary>An operation of the specification.</summary>
/// <param name="Name">As <c>GET /containers/{id}/json</c>.</param>
/// <param name="Query">The names of its parameters.</param>
/// <param name="Statuses">That it answers.</param>
public sealed record ApiOperation(string Name, IReadOnlyList<string> Query, IReadOnlyList<int> Statuses)
{
    public bool Matches(string method, string path) =>
        Regex.IsMatch($"{method} {path}", "^" + Regex.Replace(Regex.Escape(Name).Replace("\\ /", "\\ (/v1[.][0-9]+)?/", StringComparison.Ordinal), @"\\{\w+}", "[^?]+") + "$");
}

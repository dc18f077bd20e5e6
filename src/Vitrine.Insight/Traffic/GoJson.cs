using System.Text.Json;

namespace Vitrine.Insight.Traffic;

/// <summary>
/// Looks at JSON as Go's encoding/json does, which engines are written with: names match in any case, the letters ſ (U+017F) and K
/// (Kelvin, U+212A) fold to s and k, and of a name that comes twice both count. A rule that looks for the one exact name only would
/// be passed by writing it differently.
/// </summary>
internal static class GoJson
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64 };

    /// <summary>Reads one whole document.</summary>
    /// <returns>Null where it is none.</returns>
    public static JsonDocument? TryParse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, s_options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>All members of an object whose name Go takes for <paramref name="name"/>; none of what is no object.</summary>
    public static IEnumerable<JsonElement> All(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object)
            yield break;
        foreach (var member in parent.EnumerateObject())
        {
            if (IsName(member.Name, name))
                yield return member.Value;
        }
    }

    /// <summary>All members by a path of names.</summary>
    public static IEnumerable<JsonElement> All(JsonElement parent, string first, string second)
    {
        foreach (var child in All(parent, first))
        {
            foreach (var value in All(child, second))
                yield return value;
        }
    }

    /// <summary>The texts of an array; of a text, itself.</summary>
    public static IEnumerable<string> Texts(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
            yield return value.GetString()!;
        if (value.ValueKind != JsonValueKind.Array)
            yield break;
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String)
                yield return item.GetString()!;
        }
    }

    /// <summary>Whether Go takes one name for the other.</summary>
    public static bool IsName(string name, string wanted) =>
        name.Replace('\u017F', 's').Replace('\u212A', 'k').Equals(wanted, StringComparison.OrdinalIgnoreCase);
}

using System.Text;
using System.Text.Json;

namespace Vitrine.Api.Http;

/// <summary>Docker's filters: JSON of name to a list of values, or, from old clients, of name to an object with the values as names.</summary>
internal static class FilterParameter
{
    private const int MaxDepth = 3;

    /// <exception cref="VitrineException">Invalid.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Parse(string json)
    {
        if (json.Length == 0)
            return new Dictionary<string, IReadOnlyList<string>>();
        try
        {
            return Read(Encoding.UTF8.GetBytes(json));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new VitrineException(ErrorKind.Invalid, $"invalid filter: {e.Message}", e);
        }
    }

    private static Dictionary<string, IReadOnlyList<string>> Read(byte[] utf8)
    {
        var filters = new Dictionary<string, IReadOnlyList<string>>();
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        if (reader.TokenType is JsonTokenType.Null)
            return filters;
        if (reader.TokenType is not JsonTokenType.StartObject)
            throw new JsonException("expected an object");
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            filters[name] = ReadValues(ref reader);
        }
        while (reader.Read())
        {
            // Anything behind the object is an error, which Read throws.
        }
        return filters;
    }

    private static List<string> ReadValues(ref Utf8JsonReader reader)
    {
        var values = new List<string>();
        if (reader.TokenType is JsonTokenType.Null)
            return values;
        if (reader.TokenType is JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
                values.Add(reader.GetString() ?? "");
            return values;
        }
        if (reader.TokenType is not JsonTokenType.StartObject)
            throw new JsonException("expected a list of values");
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndObject)
        {
            var value = reader.GetString()!;
            reader.Read();
            if (reader.GetBoolean())
                values.Add(value);
        }
        return values;
    }
}

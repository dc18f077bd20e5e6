using System.Text.Json;

namespace Vitrine.Oci.Runtime.Writing;

/// <summary>Fields of a JSON object as the specification's records have them: what is null is left out.</summary>
public static class JsonFields
{
    public static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    public static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    public static void Texts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string>? values)
    {
        if (values is null)
            return;
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    public static void Map(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, string>? values)
    {
        if (values is null)
            return;
        json.WriteStartObject(name);
        foreach (var (key, value) in values)
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    public static void Each<T>(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<T>? values, Action<Utf8JsonWriter, T> fields)
    {
        if (values is null)
            return;
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStartObject();
            fields(json, value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}

using System.Text.Json;

namespace Vitrine.Insight.Json;

/// <summary>Writes named values of a JSON object; a value that is null is left out.</summary>
public readonly struct JsonFields(Utf8JsonWriter writer)
{
    public void Text(string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    public void Flag(string name, bool? value)
    {
        if (value is { } flag)
            writer.WriteBoolean(name, flag);
    }

    public void Number(string name, long? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
    }

    public void Unsigned(string name, ulong? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
    }

    public void Real(string name, double? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
    }

    /// <summary>A member of an enumeration, in camelCase.</summary>
    public void Choice(string name, Enum value) => writer.WriteString(name, JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

    public void Texts(string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    public void Numbers(string name, IReadOnlyList<int> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    public void Object<T>(string name, T? value, Action<JsonFields, T> fields)
        where T : class
    {
        if (value is null)
            return;
        writer.WriteStartObject(name);
        fields(this, value);
        writer.WriteEndObject();
    }

    public void Objects<T>(string name, IReadOnlyList<T> values, Action<JsonFields, T> fields)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStartObject();
            fields(this, value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

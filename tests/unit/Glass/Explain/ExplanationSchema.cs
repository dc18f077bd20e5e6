using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.Insight;

namespace Vitrine.Tests.Unit.Glass.Explain;

/// <summary>
/// The JSON Schema (draft 2020-12) of explanations, made of the records themselves, and as much of a validator as it uses.
/// </summary>
internal static class ExplanationSchema
{
    private static readonly NullabilityInfoContext s_nullability = new();

    public static JsonObject Make()
    {
        var definitions = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        var schema = Describe(typeof(ContainerExplanation), definitions);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "vitrine explain --json");
        schema.Insert(2, "description", "What a container is on its host; docs/explain.md says what the fields mean. With --section only the sections asked for are there.");
        schema["required"] = new JsonArray("schemaVersion", "target");
        schema["properties"]!["schemaVersion"] = new JsonObject { ["const"] = 1 };
        schema["$defs"] = new JsonObject(definitions.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)));
        return schema;
    }

    /// <summary>What in a document is not as the schema says, a line each; unknown properties are faults too.</summary>
    public static List<string> Faults(JsonObject schema, JsonElement document)
    {
        var faults = new List<string>();
        Check(schema, schema, document, "$", faults);
        return faults;
    }

    private static JsonObject Describe(Type type, SortedDictionary<string, JsonObject> definitions)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in Properties(type))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            properties[name] = Of(property.PropertyType, definitions);
            if (Nullable.GetUnderlyingType(property.PropertyType) is null && s_nullability.Create(property).ReadState != NullabilityState.Nullable)
                required.Add(name);
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required };
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0 && property.Name != "EqualityContract");

    private static JsonObject Of(Type declared, SortedDictionary<string, JsonObject> definitions)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(string) || type == typeof(char))
            return new JsonObject { ["type"] = "string" };
        if (type == typeof(bool))
            return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(double))
            return new JsonObject { ["type"] = "number" };
        if (type.IsEnum)
            return new JsonObject { ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(name))]) };
        if (type.IsPrimitive)
            return new JsonObject { ["type"] = "integer" };
        if (typeof(IEnumerable).IsAssignableFrom(type))
            return new JsonObject { ["type"] = "array", ["items"] = Of(type.GetGenericArguments()[0], definitions) };
        if (!definitions.ContainsKey(type.Name))
        {
            definitions[type.Name] = [];
            definitions[type.Name] = Describe(type, definitions);
        }

        return new JsonObject { ["$ref"] = $"#/$defs/{type.Name}" };
    }

    private static void Check(JsonObject root, JsonObject schema, JsonElement value, string place, List<string> faults)
    {
        if ((string?)schema["$ref"] is { } reference)
            schema = root["$defs"]![reference["#/$defs/".Length..]]!.AsObject();
        if (schema["const"] is { } constant && constant.ToJsonString() != value.GetRawText())
            faults.Add($"{place} is {value.GetRawText()}, not {constant}");
        if (schema["enum"] is JsonArray choices && !choices.Any(choice => (string?)choice == value.GetString()))
            faults.Add($"{place} is {value.GetRawText()}, none of {choices.ToJsonString()}");
        if ((string?)schema["type"] is { } type && !Is(value, type))
            faults.Add($"{place} is {value.ValueKind}, not {type}");
        else if (value.ValueKind == JsonValueKind.Object)
            CheckObject(root, schema, value, place, faults);
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var (item, index) in value.EnumerateArray().Select((item, index) => (item, index)))
                Check(root, schema["items"]!.AsObject(), item, $"{place}[{index}]", faults);
        }
    }

    private static void CheckObject(JsonObject root, JsonObject schema, JsonElement value, string place, List<string> faults)
    {
        foreach (var name in schema["required"]!.AsArray().Select(name => (string)name!))
        {
            if (!value.TryGetProperty(name, out _))
                faults.Add($"{place}.{name} is missing");
        }

        foreach (var property in value.EnumerateObject())
        {
            if (schema["properties"]![property.Name] is JsonObject known)
                Check(root, known, property.Value, $"{place}.{property.Name}", faults);
            else
                faults.Add($"{place}.{property.Name} is not in the schema");
        }
    }

    private static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && !value.GetRawText().Contains('.'),
        _ => value.ValueKind == JsonValueKind.Number,
    };
}

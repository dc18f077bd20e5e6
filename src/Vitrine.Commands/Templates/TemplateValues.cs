using System.Text.Json;

namespace Vitrine.Commands.Templates;

// Template values are null, bool, long, double, string, IReadOnlyList<object?>, TemplateMap and ITemplateObject.

/// <summary>A row or header with named fields, some of which take arguments (<c>.Label "x"</c>): Go's struct with methods.</summary>
public interface ITemplateObject
{
    /// <summary>How Go would name its type in an error.</summary>
    string TypeName { get; }

    /// <summary>The fields that its JSON form shows, in order.</summary>
    IEnumerable<string> FieldNames { get; }

    /// <summary>Whether its JSON could stand in a page of HTML: Go's rows write themselves so, its other structs are written as they are.</summary>
    bool EscapesMarkup => true;

    /// <summary>Looks a field up, or calls it where it takes arguments.</summary>
    /// <returns>False where there is no such field.</returns>
    bool TryGet(string name, IReadOnlyList<object?> arguments, out object? value);
}

/// <summary>A JSON object, its keys in the order they were written.</summary>
/// <param name="isOpen">Whether its keys are data (labels, ports) and not the fields of a record: a key that is not
/// there is then no error.</param>
public sealed class TemplateMap(bool isOpen) : OrderedDictionary<string, object?>(StringComparer.Ordinal)
{
    public bool IsOpen { get; } = isOpen;

    /// <summary>Go's nil map: empty, but null in JSON.</summary>
    public bool IsAbsent { get; init; }

    /// <summary>The field of a record that Go names with other capitals than JSON does: ID, not Id; APIVersion, not ApiVersion.</summary>
    public bool TryGetField(string name, out object? value)
    {
        value = null;
        return char.IsAsciiLetterUpper(name[0]) && Keys.FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } key && TryGetValue(key, out value);
    }

    /// <summary>The keys in the order in which Go prints and ranges over a map.</summary>
    public IEnumerable<string> SortedKeys => Keys.Order(StringComparer.Ordinal);
}

/// <summary>Go's nil slice: empty, but null in JSON.</summary>
public sealed class AbsentList : List<object?>
{
    public static AbsentList Instance { get; } = new();

    private AbsentList()
    {
    }
}

/// <summary>Turns JSON into template values.</summary>
public static class TemplateJson
{
    /// <summary>The object as template values.</summary>
    public static object? ToValue(JsonElement element, string? property = null) => element.ValueKind switch
    {
        JsonValueKind.Object => ToMap(element, IsOpenMap(property)),
        JsonValueKind.Array => ToList(element),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var integer) ? (object)integer : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => Absent(property),
    };

    /// <summary>What a null stands for: Go prints a list that is not there as [] and a map as map[].</summary>
    private static object? Absent(string? property) =>
        IsList(property) ? AbsentList.Instance : IsOpenMap(property) ? new TemplateMap(isOpen: true) { IsAbsent = true } : null;

    /// <summary>Writes a template value as Go's json.Encoder does without HTML escaping.</summary>
    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case bool b: writer.WriteBooleanValue(b); break;
            case long l: writer.WriteNumberValue(l); break;
            case double d: writer.WriteNumberValue(d); break;
            case string s: writer.WriteStringValue(s); break;
            case AbsentList or TemplateMap { IsAbsent: true }: writer.WriteNullValue(); break;
            case TemplateMap map: WriteObject(writer, map.Keys, key => map[key]); break;
            case ITemplateObject row: WriteObject(writer, row.FieldNames, name => row.TryGet(name, [], out var v) ? v : null); break;
            case IReadOnlyList<object?> list: WriteArray(writer, list); break;
            default: throw new InvalidOperationException($"not a template value: {value.GetType()}");
        }
    }

    private static List<object?> ToList(JsonElement element)
    {
        var list = new List<object?>(element.GetArrayLength());
        foreach (var item in element.EnumerateArray())
            list.Add(ToValue(item));
        return list;
    }

    private static TemplateMap ToMap(JsonElement element, bool isOpen)
    {
        var map = new TemplateMap(isOpen);
        foreach (var property in element.EnumerateObject())
            map[property.Name] = ToValue(property.Value, property.Name);
        return map;
    }

    /// <summary>The properties of Docker's inspect objects that are maps in Go, where all other objects are structs.</summary>
    private static bool IsOpenMap(string? property) => property is "Labels" or "Networks" or "Ports" or "PortBindings" or "Volumes"
        or "ExposedPorts" or "Sysctls" or "Tmpfs" or "Options" or "StorageOpt" or "Annotations" or "Data"
        or "DriverOpts" or "Containers";

    /// <summary>The properties of Docker's inspect objects that are lists.</summary>
    private static bool IsList(string? property) => property is "Aliases" or "Binds" or "BlkioDeviceReadBps" or "BlkioDeviceReadIOps"
        or "BlkioDeviceWriteBps" or "BlkioDeviceWriteIOps" or "BlkioWeightDevice" or "CapAdd" or "CapDrop" or "Cmd" or "DNSNames"
        or "DeviceCgroupRules" or "DeviceRequests" or "Devices" or "Dns" or "DnsOptions" or "DnsSearch" or "Entrypoint" or "Env" or "ExecIDs"
        or "ExtraHosts" or "GroupAdd" or "Layers" or "LinkLocalIPs" or "Links" or "MaskedPaths" or "Mounts" or "OnBuild" or "ReadonlyPaths"
        or "RepoDigests" or "RepoTags" or "SecondaryIPAddresses" or "SecondaryIPv6Addresses" or "SecurityOpt" or "Shell" or "Ulimits"
        or "VolumesFrom";

    private static void WriteObject(Utf8JsonWriter writer, IEnumerable<string> names, Func<string, object?> get)
    {
        writer.WriteStartObject();
        foreach (var name in names)
        {
            writer.WritePropertyName(name);
            Write(writer, get(name));
        }

        writer.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter writer, IReadOnlyList<object?> list)
    {
        writer.WriteStartArray();
        foreach (var item in list)
            Write(writer, item);
        writer.WriteEndArray();
    }
}

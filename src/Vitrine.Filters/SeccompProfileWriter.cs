using System.Buffers;
using System.Text;
using System.Text.Json;
using Vitrine.Oci.Runtime;

namespace Vitrine.Filters;

/// <summary>Writes Docker's profile format; what is null is left out.</summary>
public static class SeccompProfileWriter
{
    /// <summary>Indented JSON with a line end behind it.</summary>
    public static string Write(SeccompProfile profile)
    {
        var buffer = new ArrayBufferWriter<byte>(16 << 10);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
            Write(json, profile);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter json, SeccompProfile profile)
    {
        json.WriteStartObject();
        Text(json, "defaultAction", profile.DefaultAction);
        Number(json, "defaultErrnoRet", profile.DefaultErrnoRet);
        Texts(json, "architectures", profile.Architectures);
        Objects(json, "archMap", profile.ArchMap, static (json, map) =>
        {
            Text(json, "architecture", map.Architecture);
            Texts(json, "subArchitectures", map.SubArchitectures);
        });
        Texts(json, "flags", profile.Flags);
        Text(json, "listenerPath", profile.ListenerPath);
        Text(json, "listenerMetadata", profile.ListenerMetadata);
        Objects(json, "syscalls", profile.Syscalls, Write);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ProfileRule rule)
    {
        Text(json, "name", rule.Name);
        Texts(json, "names", rule.Names);
        Text(json, "action", rule.Action);
        Number(json, "errnoRet", rule.ErrnoRet);
        Objects(json, "args", rule.Args, Write);
        Text(json, "comment", rule.Comment);
        Condition(json, "includes", rule.Includes);
        Condition(json, "excludes", rule.Excludes);
    }

    private static void Write(Utf8JsonWriter json, SyscallArgument argument)
    {
        json.WriteNumber("index", argument.Index);
        json.WriteNumber("value", argument.Value);
        json.WriteNumber("valueTwo", argument.ValueTwo);
        json.WriteString("op", argument.Op);
    }

    private static void Condition(Utf8JsonWriter json, string name, ProfileCondition? condition)
    {
        if (condition is null)
            return;
        json.WriteStartObject(name);
        Texts(json, "caps", condition.Caps);
        Texts(json, "arches", condition.Arches);
        Text(json, "minKernel", condition.MinKernel);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void Number(Utf8JsonWriter json, string name, uint? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string>? values)
    {
        if (values is null)
            return;
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Objects<T>(Utf8JsonWriter json, string name, IReadOnlyList<T>? values, Action<Utf8JsonWriter, T> write)
    {
        if (values is null)
            return;
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStartObject();
            write(json, value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

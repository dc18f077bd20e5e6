using System.Buffers;
using System.Text;
using System.Text.Json;
using Vitrine.Oci.Runtime;
using static Vitrine.Oci.Runtime.Writing.JsonFields;

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
        Text(json, "defaultAction"u8, profile.DefaultAction);
        Number(json, "defaultErrnoRet"u8, profile.DefaultErrnoRet);
        Texts(json, "architectures"u8, profile.Architectures);
        Each(json, "archMap"u8, profile.ArchMap, static (json, map) =>
        {
            Text(json, "architecture"u8, map.Architecture);
            Texts(json, "subArchitectures"u8, map.SubArchitectures);
        });
        Texts(json, "flags"u8, profile.Flags);
        Text(json, "listenerPath"u8, profile.ListenerPath);
        Text(json, "listenerMetadata"u8, profile.ListenerMetadata);
        Each(json, "syscalls"u8, profile.Syscalls, Write);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ProfileRule rule)
    {
        Text(json, "name"u8, rule.Name);
        Texts(json, "names"u8, rule.Names);
        Text(json, "action"u8, rule.Action);
        Number(json, "errnoRet"u8, rule.ErrnoRet);
        Each(json, "args"u8, rule.Args, Write);
        Text(json, "comment"u8, rule.Comment);
        Condition(json, "includes"u8, rule.Includes);
        Condition(json, "excludes"u8, rule.Excludes);
    }

    private static void Write(Utf8JsonWriter json, SyscallArgument argument)
    {
        json.WriteNumber("index"u8, argument.Index);
        json.WriteNumber("value"u8, argument.Value);
        json.WriteNumber("valueTwo"u8, argument.ValueTwo);
        json.WriteString("op"u8, argument.Op);
    }

    private static void Condition(Utf8JsonWriter json, ReadOnlySpan<byte> name, ProfileCondition? condition)
    {
        if (condition is null)
            return;
        json.WriteStartObject(name);
        Texts(json, "caps"u8, condition.Caps);
        Texts(json, "arches"u8, condition.Arches);
        Text(json, "minKernel"u8, condition.MinKernel);
        json.WriteEndObject();
    }
}

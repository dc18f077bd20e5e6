using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vitrine.Oci.Runtime;

namespace Vitrine.Engine.Bundle;

/// <summary>
/// Writes the configurations that <see cref="SpecBuilder"/> makes, field by field: the serializer needs longer to get ready
/// than a container to start. A test compares every golden configuration with the serializer's text.
/// </summary>
internal static partial class SpecWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>config.json in UTF-8.</summary>
    public static ReadOnlyMemory<byte> Write(Spec spec)
    {
        var buffer = new ArrayBufferWriter<byte>(16 << 10);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("ociVersion"u8, spec.OciVersion);
            if (spec.Root is { } root)
                WriteRoot(json, root);
            Text(json, "hostname"u8, spec.Hostname);
            Text(json, "domainname"u8, spec.Domainname);
            if (spec.Process is { } process)
                WriteProcess(json, process);
            Each(json, "mounts"u8, spec.Mounts, WriteMount);
            Map(json, "annotations"u8, spec.Annotations);
            if (spec.Linux is { } linux)
                WriteLinux(json, linux);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    private static void WriteRoot(Utf8JsonWriter json, Root root)
    {
        json.WriteStartObject("root"u8);
        json.WriteString("path"u8, root.Path);
        json.WriteBoolean("readonly"u8, root.Readonly);
        json.WriteEndObject();
    }

    private static void WriteProcess(Utf8JsonWriter json, ProcessSpec process)
    {
        json.WriteStartObject("process"u8);
        json.WriteBoolean("terminal"u8, process.Terminal);
        if (process.ConsoleSize is { } size)
        {
            json.WriteStartObject("consoleSize"u8);
            json.WriteNumber("height"u8, size.Height);
            json.WriteNumber("width"u8, size.Width);
            json.WriteEndObject();
        }
        WriteUser(json, process.User);
        Texts(json, "args"u8, process.Args);
        Texts(json, "env"u8, process.Env);
        json.WriteString("cwd"u8, process.Cwd);
        if (process.Capabilities is { } capabilities)
            WriteCapabilities(json, capabilities);
        Each(json, "rlimits"u8, process.Rlimits, static (json, limit) =>
        {
            json.WriteString("type"u8, limit.Type);
            json.WriteNumber("soft"u8, limit.Soft);
            json.WriteNumber("hard"u8, limit.Hard);
        });
        json.WriteBoolean("noNewPrivileges"u8, process.NoNewPrivileges);
        Text(json, "apparmorProfile"u8, process.ApparmorProfile);
        Number(json, "oomScoreAdj"u8, process.OomScoreAdj);
        json.WriteEndObject();
    }

    private static void WriteUser(Utf8JsonWriter json, User user)
    {
        json.WriteStartObject("user"u8);
        json.WriteNumber("uid"u8, user.Uid);
        json.WriteNumber("gid"u8, user.Gid);
        if (user.AdditionalGids is { } groups)
        {
            json.WriteStartArray("additionalGids"u8);
            foreach (var group in groups)
                json.WriteNumberValue(group);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteCapabilities(Utf8JsonWriter json, Capabilities capabilities)
    {
        json.WriteStartObject("capabilities"u8);
        Texts(json, "bounding"u8, capabilities.Bounding);
        Texts(json, "effective"u8, capabilities.Effective);
        Texts(json, "inheritable"u8, capabilities.Inheritable);
        Texts(json, "permitted"u8, capabilities.Permitted);
        Texts(json, "ambient"u8, capabilities.Ambient);
        json.WriteEndObject();
    }

    private static void WriteMount(Utf8JsonWriter json, Mount mount)
    {
        json.WriteString("destination"u8, mount.Destination);
        Text(json, "type"u8, mount.Type);
        Text(json, "source"u8, mount.Source);
        Texts(json, "options"u8, mount.Options);
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    private static void Texts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string>? values)
    {
        if (values is null)
            return;
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Map(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, string>? values)
    {
        if (values is null)
            return;
        json.WriteStartObject(name);
        foreach (var (key, value) in values)
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void Each<T>(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<T>? values, Action<Utf8JsonWriter, T> fields)
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

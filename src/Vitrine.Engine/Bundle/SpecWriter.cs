using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vitrine.Oci.Runtime;
using Vitrine.Oci.Runtime.Writing;
using static Vitrine.Oci.Runtime.Writing.JsonFields;

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
                ProcessSpecWriter.Write(json, "process"u8, process);
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

    private static void WriteMount(Utf8JsonWriter json, Mount mount)
    {
        json.WriteString("destination"u8, mount.Destination);
        Text(json, "type"u8, mount.Type);
        Text(json, "source"u8, mount.Source);
        Texts(json, "options"u8, mount.Options);
    }
}

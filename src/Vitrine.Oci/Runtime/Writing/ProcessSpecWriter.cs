using System.Text.Json;
using static Vitrine.Oci.Runtime.Writing.JsonFields;

namespace Vitrine.Oci.Runtime.Writing;

/// <summary>
/// Writes the process of a config.json or of an exec, without the serializer (see <see cref="Reading.JsonCursor"/> for why).
/// Scheduling and priorities, which no engine here sets, are not written.
/// </summary>
public static class ProcessSpecWriter
{
    /// <summary>Writes a process as a field of an object.</summary>
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, ProcessSpec process)
    {
        json.WriteStartObject(name);
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
        Text(json, "selinuxLabel"u8, process.SelinuxLabel);
        Number(json, "oomScoreAdj"u8, process.OomScoreAdj);
        json.WriteEndObject();
    }

    private static void WriteUser(Utf8JsonWriter json, User user)
    {
        json.WriteStartObject("user"u8);
        json.WriteNumber("uid"u8, user.Uid);
        json.WriteNumber("gid"u8, user.Gid);
        Number(json, "umask"u8, user.Umask);
        if (user.AdditionalGids is { } groups)
        {
            json.WriteStartArray("additionalGids"u8);
            foreach (var group in groups)
                json.WriteNumberValue(group);
            json.WriteEndArray();
        }
        Text(json, "username"u8, user.Username);
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
}

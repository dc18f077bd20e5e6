using System.Text.Encodings.Web;
using System.Text.Json;
using Vitrine.ShimProtocol.Events;

namespace Vitrine.Engine.Docker;

/// <summary>An event as GET /events streams it.</summary>
/// <param name="Type">container, image, volume, network, builder or daemon.</param>
/// <param name="Action">What happened: create, start, die, "health_status: healthy" ...</param>
/// <param name="ActorId">To what; a volume's id is its name.</param>
/// <param name="Attributes">More about it.</param>
/// <param name="TimeNano">Nanoseconds since 1970, UTC.</param>
public sealed record EventMessage(string Type, string Action, string ActorId, IReadOnlyDictionary<string, string> Attributes, long TimeNano)
{
    private static readonly JsonWriterOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal EventMessage(EventEntry entry)
        : this(entry.Type, entry.Action, entry.Id, entry.Attributes, entry.TimeNano)
    {
    }

    /// <summary>Seconds since 1970, UTC.</summary>
    public long Time => TimeNano / 1_000_000_000;

    /// <summary>The event as one line of JSON, without the newline. Attributes are in order, as Go writes maps.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, s_compact))
        {
            json.WriteStartObject();
            WriteOldFields(json);
            json.WriteString(nameof(Type), Type);
            json.WriteString(nameof(Action), Action);
            json.WriteStartObject("Actor");
            json.WriteString("ID", ActorId);
            json.WriteStartObject(nameof(Attributes));
            foreach (var name in Attributes.Keys.Order(StringComparer.Ordinal))
                json.WriteString(name, Attributes[name]);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteString("scope", "local");
            json.WriteNumber("time", Time);
            json.WriteNumber("timeNano", TimeNano);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    /// <summary>What clients older than API 1.22 read, and newer ones still get: of containers and images alone.</summary>
    private void WriteOldFields(Utf8JsonWriter json)
    {
        if (Type is not ("container" or "image"))
            return;
        json.WriteString("status", Action);
        json.WriteString("id", ActorId);
        if (Type == "container" && Attributes.GetValueOrDefault("image") is { Length: > 0 } image)
            json.WriteString("from", image);
    }
}

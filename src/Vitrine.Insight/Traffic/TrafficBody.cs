using System.Buffers;
using System.Text.Json;

namespace Vitrine.Insight.Traffic;

/// <summary>The JSON body of a call that rules judge; a rule may put another in its place.</summary>
public sealed class TrafficBody
{
    /// <summary>Bytes of a body that are read before it is judged.</summary>
    public const int MaxLength = 4 << 20;

    /// <summary>No body.</summary>
    public static TrafficBody None => new(default, default);

    private TrafficBody(ReadOnlyMemory<byte> bytes, JsonElement json) => (Bytes, Json) = (bytes, json);

    /// <summary>As it will be sent.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>What it says; <see cref="JsonValueKind.Undefined"/> where there is none.</summary>
    public JsonElement Json { get; private set; }

    /// <summary>Whether a rule changed it.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Whether the content of a call is judged, and so read whole before it is sent.</summary>
    public static bool IsJudged(EngineCall call) => call.Method == "POST" && call.Segments is
        ["containers", "create"] or ["containers", _, "exec" or "update" or "start"] or ["exec", _, "start"] or ["volumes", "create"]
        or ["networks", "create"] or ["networks", _, "connect" or "disconnect"] or ["commit"] or [_, "prune"];

    /// <summary>Reads a body.</summary>
    /// <returns>Null where there are bytes that are no JSON document.</returns>
    public static TrafficBody? TryRead(ReadOnlyMemory<byte> bytes) =>
        bytes.IsEmpty ? None : GoJson.TryParse(bytes) is { } document ? new TrafficBody(bytes, document.RootElement) : null;

    /// <summary>Adds an entry to a map of the document's first level, such as Labels.</summary>
    public void AddToMap(string member, string name, string value)
    {
        var buffer = new ArrayBufferWriter<byte>(Bytes.Length + 256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (Json.ValueKind == JsonValueKind.Object)
            {
                foreach (var other in Json.EnumerateObject().Where(other => !GoJson.IsName(other.Name, member)))
                    other.WriteTo(json);
            }
            json.WriteStartObject(member);
            foreach (var entry in GoJson.All(Json, member).Where(map => map.ValueKind == JsonValueKind.Object).SelectMany(map => map.EnumerateObject()))
            {
                if (entry.Name != name)
                    entry.WriteTo(json);
            }
            json.WriteString(name, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        Bytes = buffer.WrittenMemory;
        Json = GoJson.TryParse(Bytes)!.RootElement;
        IsChanged = true;
    }
}

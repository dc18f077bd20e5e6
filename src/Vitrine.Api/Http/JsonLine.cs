using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Vitrine.Api.Http;

/// <summary>JSON as docker writes it: one value, then a line feed.</summary>
internal static class JsonLine
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void Write<T>(IBufferWriter<byte> output, T value, JsonTypeInfo<T> type)
    {
        using (var writer = new Utf8JsonWriter(output, s_options))
            JsonSerializer.Serialize(writer, value, type);
        output.Put("\n"u8);
    }

    public static void Write(IBufferWriter<byte> output, JsonNode? node)
    {
        using (var writer = new Utf8JsonWriter(output, s_options))
        {
            if (node is null)
                writer.WriteNullValue();
            else
                node.WriteTo(writer);
        }
        output.Put("\n"u8);
    }
}

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vitrine.Linux;

namespace Vitrine.Insight.Json;

/// <summary>Indented JSON of the glass box: camelCase, nulls left out, numbers in base units.</summary>
public static class JsonText
{
    // Quotes and letters of all languages stay readable: the output is for files and terminals, not for HTML.
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object, without a line end behind it.</summary>
    public static string Object(Action<JsonFields> fields) => Write(writer =>
    {
        writer.WriteStartObject();
        fields(new JsonFields(writer));
        writer.WriteEndObject();
    });

    /// <summary>An object as UTF-8, with a line end behind it: for what is too large to be held as text.</summary>
    public static ReadOnlySpan<byte> Line(Action<JsonFields> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(32 << 10);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            fields(new JsonFields(writer));
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return VisibleText.OfJson(buffer.WrittenSpan);
    }

    /// <summary>An array of objects, without a line end behind it.</summary>
    public static string Array<T>(IReadOnlyList<T> values, Action<JsonFields, T> fields) => Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var value in values)
        {
            writer.WriteStartObject();
            fields(new JsonFields(writer), value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static string Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>(32 << 10);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
            content(writer);
        return Encoding.UTF8.GetString(VisibleText.OfJson(buffer.WrittenSpan));
    }
}

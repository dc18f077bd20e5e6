using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Oci.Image;

/// <summary>
/// RFC 3339 times. An image whose creation time is empty or unreadable still runs, so such a time is read as absent.
/// </summary>
internal sealed class LenientTimeConverter : JsonConverter<DateTimeOffset?>
{
    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return reader.TryGetDateTimeOffset(out var time) ? time : null;
        reader.Skip();
        return null;
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is { } time)
            writer.WriteStringValue(time.UtcDateTime);
        else
            writer.WriteNullValue();
    }
}

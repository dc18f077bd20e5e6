using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Oci;

/// <summary>Reads and writes a digest as its string; a malformed one is malformed JSON.</summary>
internal sealed class DigestJsonConverter : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return Digest.TryParse(text, out var digest, out var problem) ? digest : throw new JsonException(problem);
    }

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Vitrine.Api.Serving;

/// <summary>What of a request's body is written down: JSON, with every value hidden whose name says that it is secret.</summary>
internal static class AuditBody
{
    /// <summary>Where a request keeps it until its end.</summary>
    public static readonly object Key = new();

    private const int MaxLength = 16 << 10;
    private const string Hidden = "***";

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly string[] s_names = ["pass", "secret", "token", "key", "auth", "credential", "private", "cookie", "session"];

    /// <summary>The body without its secrets; a mark in place of one that is no JSON, or very long.</summary>
    public static string Mask(ReadOnlySpan<byte> body)
    {
        if (body.Length > MaxLength)
            return $"({body.Length} bytes)";
        try
        {
            return MaskJson(body);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return $"({body.Length} bytes that are no JSON)";
        }
    }

    private static string MaskJson(ReadOnlySpan<byte> body)
    {
        var buffer = new ArrayBufferWriter<byte>(body.Length + 64);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 32 });
        var name = "";
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        json.WritePropertyName(name = reader.GetString()!);
                        break;
                    case JsonTokenType.String:
                        json.WriteStringValue(MaskValue(name, reader.GetString()!));
                        break;
                    case JsonTokenType.StartObject:
                        json.WriteStartObject();
                        break;
                    case JsonTokenType.EndObject:
                        json.WriteEndObject();
                        break;
                    case JsonTokenType.StartArray:
                        json.WriteStartArray();
                        break;
                    case JsonTokenType.EndArray:
                        json.WriteEndArray();
                        break;
                    default:
                        json.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                        break;
                }
            }
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A value by its name; NAME=value, as the environment has them, by its own; and the password of a URL.</summary>
    private static string MaskValue(string name, string value)
    {
        if (IsSecret(name) && value.Length > 0)
            return Hidden;
        var equals = value.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && IsSecret(value[..equals]))
            return value[..(equals + 1)] + Hidden;
        var scheme = value.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return value;
        var at = value.IndexOf('@', scheme);
        var colon = value.IndexOf(':', scheme + 3);
        return colon > 0 && at > colon ? value[..(colon + 1)] + Hidden + value[at..] : value;
    }

    private static bool IsSecret(string name)
    {
        foreach (var part in s_names)
        {
            if (name.Contains(part, StringComparison.OrdinalIgnoreCase) && !name.Equals("DetachKeys", StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}

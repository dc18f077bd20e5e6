using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vitrine.Linux.Proc;

namespace Vitrine.Secrets;

/// <summary>Hides secrets in what is shown of traffic: credentials in header fields, and what the detector finds in parameters, JSON and text.</summary>
/// <param name="reveal">Show everything in clear.</param>
public sealed class TrafficMask(bool reveal)
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonReaderOptions s_reading = new() { MaxDepth = 64, AllowMultipleValues = true };

    private static readonly string[] s_credentials =
        ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Registry-Auth", "X-Registry-Config"];

    // By their names alone the detector would need a value that looks like a secret.
    private static readonly string[] s_secretMembers = ["auth", "password", "identitytoken", "registrytoken", "passphrase"];

    private static readonly string[] s_commands = ["Cmd", "Entrypoint", "Args", "Test", "arguments"];

    private readonly SecretRedactor _redactor = new(Fingerprint.OfHost(ProcFs.Host), reveal);

    /// <summary>A header field's value. <c>e30=</c> and <c>{}</c> say that there are no credentials.</summary>
    public string Header(string name, string value) =>
        reveal || value is "" or "e30=" or "e30" or "{}" || !s_credentials.Contains(name, StringComparer.OrdinalIgnoreCase) ? value : Hide(value);

    /// <summary>A parameter's value, which may be JSON.</summary>
    public string Parameter(string name, string value) => reveal || value.Length == 0 ? value
        : value[0] is '{' or '[' && Json(Encoding.UTF8.GetBytes(value)) is { } json ? json : Value(name, value);

    /// <summary>
    /// The target of a request as it was sent, but for what holds a secret: such a parameter is shown decoded, the secret hidden.
    /// </summary>
    public string Target(string target)
    {
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        if (reveal || mark < 0)
            return Line(target);
        var shown = new StringBuilder(Line(target[..mark]));
        var separator = '?';
        foreach (var parameter in target[(mark + 1)..].Split('&'))
        {
            shown.Append(separator).Append(Encoded(parameter));
            separator = '&';
        }
        return shown.ToString();
    }

    /// <summary>A command line, word by word.</summary>
    public IReadOnlyList<string> Command(IReadOnlyList<string> words) => _redactor.Redact(words);

    /// <summary>JSON, of one document or several.</summary>
    /// <returns>On one line; null where it is none.</returns>
    public string? Json(ReadOnlySpan<byte> text)
    {
        try
        {
            return Copy(text);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A line of text: of a log, or of what a terminal shows.</summary>
    public string Line(string line)
    {
        if (reveal)
            return line;
        string[] words = [line];
        return _redactor.Redact(words)[0];
    }

    private string Encoded(string parameter)
    {
        var equals = parameter.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            return Line(parameter);
        var (name, value) = (parameter[..equals], Uri.UnescapeDataString(parameter[(equals + 1)..].Replace('+', ' ')));
        var masked = Parameter(Uri.UnescapeDataString(name), value);
        return masked == value ? parameter : $"{name}={masked}";
    }

    private string Copy(ReadOnlySpan<byte> text)
    {
        var buffer = new ArrayBufferWriter<byte>(text.Length + 64);
        var reader = new Utf8JsonReader(text, s_reading);
        var documents = 0;
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            while (reader.Read())
            {
                if (documents++ > 0)
                {
                    json.Flush();
                    json.Reset();
                    buffer.Write("\n"u8);
                }
                Copy(ref reader, json, "");
            }
        }
        return documents == 0 ? throw new JsonException("empty") : Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void Copy(ref Utf8JsonReader reader, Utf8JsonWriter json, string name)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                json.WriteStartObject();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var member = reader.GetString()!;
                    // Names can carry a secret too, where a map is turned round.
                    json.WritePropertyName(Value("", member));
                    reader.Read();
                    Copy(ref reader, json, member);
                }
                json.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                CopyArray(ref reader, json, name);
                break;
            case JsonTokenType.String:
                json.WriteStringValue(Value(name, reader.GetString()!));
                break;
            default:
                json.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }

    private void CopyArray(ref Utf8JsonReader reader, Utf8JsonWriter json, string name)
    {
        json.WriteStartArray();
        var command = s_commands.Contains(name) ? Command(reader) : null;
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (command is not null)
                json.WriteStringValue(command[i]);
            else
                Copy(ref reader, json, name);
        }
        json.WriteEndArray();
    }

    /// <summary>A command line is judged as a whole: an option says what the next word is.</summary>
    private string[]? Command(Utf8JsonReader reader)
    {
        var words = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
            words.Add(reader.GetString()!);
        return reader.TokenType == JsonTokenType.EndArray ? _redactor.Redact(words) : null;
    }

    private string Value(string name, string value)
    {
        if (reveal || value.Length == 0)
            return value;
        if (s_secretMembers.Contains(name, StringComparer.OrdinalIgnoreCase))
            return Hide(value);
        // NAME=value, as environments have them. An address with parameters is no name: it may hold a password before the first '='.
        var equals = value.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && SecretDetector.Inspect(value[..equals], value[(equals + 1)..]) is { Count: > 0 } inside)
            return SecretShapes.Find(value).Exists(shape => shape.Start <= equals) ? Line(value) : _redactor.Redact(value, inside.Select(match => match.Shift(equals + 1)));
        var found = SecretDetector.Inspect(name, value);
        return found.Count > 0 ? _redactor.Redact(value, found) : Line(value);
    }

    private string Hide(string value) => _redactor.Redact(value, [new SecretMatch(0, value.Length, "credentials", Confidence.Certain)]);
}

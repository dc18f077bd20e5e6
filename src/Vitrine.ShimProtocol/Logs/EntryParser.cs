using System.Text.Json;

namespace Vitrine.ShimProtocol.Logs;

/// <summary>Reads one line of a json-file log, Docker's own included (other fields are passed over).</summary>
internal static class EntryParser
{
    /// <summary>Parses a line.</summary>
    /// <param name="line">Without its newline.</param>
    /// <param name="text">Takes the output; at least as long as the line.</param>
    /// <param name="entry">The entry, its bytes in <paramref name="text"/>.</param>
    /// <returns>False for anything that is not an entry, such as half of one left by a crash.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, Span<byte> text, out LogEntry entry)
    {
        entry = default;
        var length = -1;
        var stream = LogStream.Stdout;
        var time = 0L;
        try
        {
            var json = new Utf8JsonReader(line);
            if (!json.Read() || json.TokenType is not JsonTokenType.StartObject)
                return false;
            while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("log"u8) && json.Read() && json.TokenType is JsonTokenType.String)
                    length = LogText.Unescape(json.ValueSpan, text);
                else if (json.ValueTextEquals("stream"u8) && json.Read() && json.TokenType is JsonTokenType.String)
                    stream = json.ValueTextEquals("stderr"u8) ? LogStream.Stderr : LogStream.Stdout;
                else if (json.ValueTextEquals("time"u8) && json.Read() && json.TokenType is JsonTokenType.String)
                    _ = LogTime.TryParse(json.ValueSpan, out time);
                else
                    json.Skip();
            }
            if (json.TokenType is not JsonTokenType.EndObject || json.Read())
                return false;
        }
        catch (JsonException)
        {
            return false;
        }
        if (length < 0)
            return false;
        entry = new LogEntry { Bytes = text[..length], Stream = stream, Time = time };
        return true;
    }
}

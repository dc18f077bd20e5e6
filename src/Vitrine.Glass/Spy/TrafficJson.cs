using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vitrine.Insight.Traffic;
using Vitrine.Linux;
using Vitrine.Secrets;

namespace Vitrine.Glass.Spy;

/// <summary>Traffic for programs: JSON objects, one a line, with <c>event</c> request, body, stream, response or end.</summary>
internal sealed class TrafficJson(TextWriter output, TrafficMask mask, int longestText, bool onlyRefused) : ITrafficSink
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();

    public void Asked(Exchange exchange)
    {
        if (!onlyRefused)
            Write(exchange, "request", json => Request(json, exchange));
    }

    public void Said(Exchange exchange, bool isAnswer, string text)
    {
        if (onlyRefused || longestText == 0)
            return;
        Write(exchange, "body", json =>
        {
            json.WriteString("from", isAnswer ? "engine" : "client");
            json.WriteString("text", text.Length > longestText ? text[..longestText] : text);
            if (text.Length > longestText)
                json.WriteNumber("length", text.Length);
        });
    }

    public void Answered(Exchange exchange)
    {
        if (exchange.Response is not { } response || onlyRefused)
            return;
        Write(exchange, "response", json =>
        {
            json.WriteNumber("status", response.Status);
            Headers(json, response);
        });
    }

    public void Ended(Exchange exchange)
    {
        if (onlyRefused && exchange.Refused is null)
            return;
        Write(exchange, "end", json =>
        {
            if (onlyRefused)
                Request(json, exchange);
            if (exchange.Refused is { } refused)
            {
                json.WriteStartObject("refused");
                json.WriteString("rule", refused.Rule);
                json.WriteString("reason", refused.Reason);
                json.WriteEndObject();
            }
            if (exchange.Broken is { } broken)
                json.WriteString("broken", broken);
            json.WriteNumber("milliseconds", Math.Round(exchange.Duration.TotalMilliseconds, 3));
            json.WriteNumber("sent", exchange.Sent);
            json.WriteNumber("received", exchange.Received);
        });
    }

    private void Request(Utf8JsonWriter json, Exchange exchange)
    {
        json.WriteStartObject("client");
        json.WriteNumber("pid", exchange.Client.Pid);
        json.WriteNumber("uid", exchange.Client.Uid);
        json.WriteString("command", exchange.Client.Name);
        json.WriteEndObject();
        json.WriteString("method", exchange.Request.FirstLine.Split(' ')[0]);
        json.WriteString("target", TrafficTarget.Shown(exchange, mask));
        if (exchange.Call is { } call && CallMeaning.Of(call) is { Length: > 0 } meaning)
            json.WriteString("meaning", meaning);
        Headers(json, exchange.Request);
    }

    private void Headers(Utf8JsonWriter json, HttpHead head)
    {
        json.WriteStartArray("headers");
        foreach (var (name, value) in head.Fields)
            json.WriteStringValue($"{name}: {mask.Header(name, value)}");
        json.WriteEndArray();
    }

    private void Write(Exchange exchange, string kind, Action<Utf8JsonWriter> more)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            json.WriteString("time", exchange.Began.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteNumber("exchange", exchange.Number);
            json.WriteNumber("connection", exchange.Connection);
            json.WriteString("event", kind);
            more(json);
            json.WriteEndObject();
        }
        lock (_lock)
        {
            output.WriteLine(Encoding.UTF8.GetString(VisibleText.OfJson(buffer.WrittenSpan)));
            output.Flush();
        }
    }
}

using System.Globalization;
using Vitrine.Glass.Explain;
using Vitrine.Insight;
using Vitrine.Insight.Traffic;
using Vitrine.Linux;
using Vitrine.Secrets;

namespace Vitrine.Glass.Spy;

/// <summary>How traffic is shown.</summary>
internal sealed record TrafficStyle
{
    /// <summary>Show header fields.</summary>
    public bool Headers { get; init; }

    /// <summary>Characters of a body's document or a stream's line.</summary>
    public int LongestText { get; init; }

    public bool OnlyRefused { get; init; }

    public bool Colour { get; init; }
}

/// <summary>Traffic for people: <c>#3 docker[4711] GET /v1.43/containers/json</c>, its meaning, and what was said, each line by its number.</summary>
internal sealed class TrafficText(TextWriter output, TrafficMask mask, TrafficStyle style) : ITrafficSink
{
    private readonly Lock _lock = new();

    public void Asked(Exchange exchange)
    {
        var meaning = exchange.Call is { } call ? CallMeaning.Of(call) : "";
        var line = $"{exchange.Client.Name}[{exchange.Client.Pid}]  {exchange.Request.FirstLine.Split(' ')[0]} {TrafficTarget.Shown(exchange, mask)}";
        Write(exchange, "->", meaning.Length > 0 ? $"{line}   ({meaning})" : line, Ink.Strong);
        Headers(exchange, ">", exchange.Request);
    }

    public void Said(Exchange exchange, bool isAnswer, string text)
    {
        if (style.LongestText > 0)
            Write(exchange, isAnswer ? "<" : ">", text.Length > style.LongestText ? $"{text[..style.LongestText]}... ({text.Length} characters)" : text, Ink.Faint);
    }

    public void Answered(Exchange exchange)
    {
        if (exchange.Response is not { } response)
            return;
        var changed = response.Status == 101 || (response.Status == 200 && exchange.Request.WantsUpgrade);
        Write(exchange, "<-", $"{StatusOf(response)}{(changed ? ": from here on a stream both ways" : "")}", response.Status >= 400 ? Ink.Caution : Ink.Plain);
        Headers(exchange, "<", response);
    }

    public void Ended(Exchange exchange)
    {
        if (exchange.Refused is { } refused)
        {
            WriteAlways(exchange, "x", style.OnlyRefused
                ? $"{exchange.Client.Name}[{exchange.Client.Pid}]  {exchange.Request.FirstLine.Split(' ')[0]} {TrafficTarget.Shown(exchange, mask)}: refused by {refused.Rule}: {refused.Reason}"
                : $"refused by {refused.Rule}: {refused.Reason}", Ink.Bad);
            return;
        }
        var time = exchange.Duration.TotalMilliseconds.ToString(exchange.Duration.TotalMilliseconds < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);
        Write(exchange, "--", $"{time} ms, {ByteText.Format(exchange.Sent)} sent, {ByteText.Format(exchange.Received)} received"
            + (exchange.Broken is null ? "" : $"; {exchange.Broken}"), Ink.Faint);
    }

    private static string StatusOf(HttpHead response) => response.FirstLine[(response.FirstLine.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    private void Headers(Exchange exchange, string mark, HttpHead head)
    {
        if (!style.Headers)
            return;
        foreach (var (name, value) in head.Fields)
            Write(exchange, mark, $"{name}: {mask.Header(name, value)}", Ink.Faint);
    }

    private void Write(Exchange exchange, string mark, string text, Ink ink)
    {
        if (!style.OnlyRefused)
            WriteAlways(exchange, mark, text, ink);
    }

    private void WriteAlways(Exchange exchange, string mark, string text, Ink ink)
    {
        lock (_lock)
        {
            output.WriteLine(Paper.Painted($"#{exchange.Number,-3} {mark,-2} {VisibleText.Of(text)}", ink, style.Colour));
            output.Flush();
        }
    }
}

namespace Vitrine.Insight.Traffic;

/// <summary>Where a request stops that a rule refuses.</summary>
/// <param name="options">The rules, and the engine that they may ask.</param>
/// <param name="client">Who sends the request.</param>
internal sealed class RequestGate(TrafficOptions options, HttpSide client)
{
    /// <summary>Asks the rules; what they look into is read whole before.</summary>
    /// <returns>The body to send in the place of the client's, or null to pass that on.</returns>
    public async Task<TrafficBody?> JudgeAsync(Exchange exchange)
    {
        var (head, call) = (exchange.Request, exchange.Call);
        // A form in the body would be read as parameters, before those of the target.
        if (call is null || (head["Content-Type"]?.Contains("x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) ?? false))
        {
            exchange.Refused = ("the proxy", "it can be understood in more than one way");
            return null;
        }
        if (call.IsLibpod && options.Rules.FirstOrDefault(rule => !rule.KnowsLibpod) is { } blind)
        {
            exchange.Refused = (blind.Option, "it is of podman's own API, which cannot be judged");
            return null;
        }
        TrafficBody? body = null;
        if (TrafficBody.IsJudged(call))
        {
            body = TrafficBody.TryRead(await ReadBodyAsync(head));
            if (body is null)
            {
                exchange.Refused = ("the proxy", "its body is no JSON document");
                return null;
            }
        }
        var questions = new EngineQuestions(options.Upstream);
        foreach (var rule in options.Rules)
        {
            if (await rule.RefusalAsync(call, body ?? TrafficBody.None, questions) is { } reason)
            {
                exchange.Refused = (rule.Option, reason);
                return body;
            }
        }
        head.FirstLine = call.ToRequestLine();
        if (body is not null && (!body.Bytes.IsEmpty || head.IsChunked || head.Length is not null))
        {
            head.Remove("Transfer-Encoding");
            head.Remove("Expect");
            head.Replace("Content-Length", $"{body.Bytes.Length}");
        }
        return body;
    }

    private async Task<byte[]> ReadBodyAsync(HttpHead head)
    {
        if (head["Expect"] is not null)
            await client.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
        var bytes = new MemoryStream();
        await HttpBody.CopyAsync(head, client, null, untilClose: false, part =>
        {
            if (bytes.Length + part.Length > TrafficBody.MaxLength)
                throw new InvalidDataException($"a body of more than {TrafficBody.MaxLength} bytes where one of some hundred is usual");
            bytes.Write(part.Span);
        });
        return bytes.ToArray();
    }
}

using System.Net.Sockets;
using System.Text;
using System.Text.Encodings.Web;

namespace Vitrine.Insight.Traffic;

/// <summary>One client's connection, with one of its own to the engine.</summary>
internal sealed class ProxyConnection(TrafficProxy proxy, Socket client, long number, TrafficClient caller) : IDisposable
{
    private readonly HttpSide _client = new(client);
    private HttpSide? _engine;
    private bool _hungUp;

    /// <summary>Serves exchange after exchange until an end hangs up.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (await _client.ReadHeadAsync() is { } head && await ExchangeAsync(head))
            {
            }
        }
        catch (InvalidDataException e)
        {
            await TryRefuseAsync(400, e.Message);
        }
        catch (Exception e) when (e is EngineLostException || HttpSide.IsHangUp(e))
        {
            // An end is gone: so is the connection.
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _engine?.Dispose();
    }

    /// <summary>Passes one request and its response on.</summary>
    /// <returns>Whether another may follow on this connection.</returns>
    private async Task<bool> ExchangeAsync(HttpHead head)
    {
        var began = proxy.Options.Time.GetTimestamp();
        var exchange = new Exchange(proxy.NextExchange(), number, caller, proxy.Options.Time.GetLocalNow())
        {
            Request = head,
            Call = EngineCall.TryParse(head.FirstLine),
        };
        proxy.Options.Sink.Asked(exchange);
        try
        {
            return await AnswerAsync(exchange);
        }
        catch (Exception e) when (e is InvalidDataException or EngineLostException || HttpSide.IsHangUp(e))
        {
            exchange.Broken = _hungUp ? "the client hung up" : HttpSide.IsHangUp(e) ? "the connection was closed" : e.Message;
            throw;
        }
        finally
        {
            exchange.Duration = proxy.Options.Time.GetElapsedTime(began);
            proxy.Options.Sink.Ended(exchange);
        }
    }

    private async Task<bool> AnswerAsync(Exchange exchange)
    {
        try
        {
            return await JudgeAndPassAsync(exchange);
        }
        catch (EngineLostException e) when (exchange.Response is null)
        {
            exchange.Broken = _hungUp ? "the client hung up" : e.Message;
            await TryRefuseAsync(502, $"vitrine spy: {e.Message}");
            return false;
        }
    }

    private async Task<bool> JudgeAndPassAsync(Exchange exchange)
    {
        var body = proxy.Options.Rules.Count == 0 ? null : await new RequestGate(proxy.Options, _client).JudgeAsync(exchange);
        if (exchange.Refused is { } refused)
        {
            await TryRefuseAsync(403, $"vitrine spy: {refused.Rule} refuses {exchange.Call?.Method} {exchange.Call?.Path}: {refused.Reason}");
            return false;
        }
        var engine = await EngineAsync();
        try
        {
            await engine.WriteAsync(exchange.Request.ToBytes());
        }
        catch (Exception e) when (HttpSide.IsHangUp(e))
        {
            throw new EngineLostException("the engine closed the connection", e);
        }
        var asking = body is null ? SendAsync(exchange, engine) : SendAsync(exchange, engine, body.Bytes);
        return await PassAnswerAsync(exchange, engine, asking);
    }

    private async Task SendAsync(Exchange exchange, HttpSide engine, ReadOnlyMemory<byte> body)
    {
        var view = View(exchange, exchange.Request, isAnswer: false, isStream: false);
        view.Add(body);
        view.End();
        exchange.Sent = body.Length;
        await engine.WriteAsync(body);
    }

    private async Task SendAsync(Exchange exchange, HttpSide engine)
    {
        var view = View(exchange, exchange.Request, isAnswer: false, isStream: false);
        await HttpBody.CopyAsync(exchange.Request, _client, engine, untilClose: false, part =>
        {
            exchange.Sent += part.Length;
            view.Add(part);
        });
        view.End();
    }

    private async Task<bool> PassAnswerAsync(Exchange exchange, HttpSide engine, Task asking)
    {
        var response = await AnswerHeadAsync(engine, asking) ?? throw new EngineLostException("the engine closed the connection without an answer");
        while (response.Status is > 100 and < 200 and not 101 or 100)
        {
            await _client.WriteAsync(response.ToBytes());
            response = await AnswerHeadAsync(engine, asking) ?? throw new EngineLostException("the engine closed the connection without an answer");
        }
        exchange.Response = response;
        await _client.WriteAsync(response.ToBytes());
        proxy.Options.Sink.Answered(exchange);
        if (IsHijacked(exchange, response))
        {
            await asking;
            await TunnelAsync(exchange, engine, response);
            return false;
        }
        if (HttpBody.HasBody(response, exchange.Request.FirstLine.Split(' ')[0]))
            await PassBodyAsync(exchange, engine, response);
        if (!asking.IsCompletedSuccessfully)
            return false;
        return !IsLast(exchange.Request, response);
    }

    /// <summary>The engine's next head, which may come before the whole request is sent.</summary>
    private async Task<HttpHead?> AnswerHeadAsync(HttpSide engine, Task asking)
    {
        var answer = engine.ReadHeadAsync();
        await Task.WhenAny(answer, asking);
        if (!answer.IsCompleted && asking.IsCompletedSuccessfully)
            await UntilAsync(answer, engine);
        else if (asking.IsFaulted)
            await EndAskingAsync(asking, engine);
        try
        {
            return await answer;
        }
        catch (Exception e) when (e is InvalidDataException || HttpSide.IsHangUp(e))
        {
            throw new EngineLostException(e is InvalidDataException ? $"the engine sends {e.Message}" : "the engine closed the connection without an answer", e);
        }
    }

    /// <summary>The rest of the request does not come, or is not taken: an engine that has answered before it closed is heard all the same.</summary>
    private async Task EndAskingAsync(Task asking, HttpSide engine)
    {
        try
        {
            await asking;
        }
        catch (Exception e) when (HttpSide.IsHangUp(e))
        {
            _hungUp = _client.HasEnded;
            engine.EndWriting();
        }
    }

    private async Task PassBodyAsync(Exchange exchange, HttpSide engine, HttpHead response)
    {
        var view = View(exchange, response, isAnswer: true, exchange.Call?.IsStream ?? false);
        var copying = HttpBody.CopyAsync(response, engine, _client, untilClose: true, part =>
        {
            exchange.Received += part.Length;
            view.Add(part);
        });
        await UntilAsync(copying, engine);
        await copying;
        view.End();
    }

    /// <summary>Waits for the engine. A client that hangs up meanwhile is a client that hangs up on the engine, which then decides what to do.</summary>
    private async Task UntilAsync(Task work, HttpSide engine)
    {
        var watching = _client.WatchAsync();
        if (await Task.WhenAny(work, watching) != watching || await watching)
            return;
        _hungUp = true;
        engine.EndWriting();
    }

    /// <summary>Bytes both ways, each until its sender ends; the engine's end is the whole end.</summary>
    private async Task TunnelAsync(Exchange exchange, HttpSide engine, HttpHead response)
    {
        var view = View(exchange, response, isAnswer: true, isStream: true);
        var typed = InputAsync(exchange, engine);
        try
        {
            await HttpBody.CopyToEndAsync(engine, _client, part =>
            {
                exchange.Received += part.Length;
                view.Add(part);
            });
        }
        finally
        {
            view.End();
            _client.EndWriting();
        }
        // What is still typed reaches nobody.
        engine.Dispose();
        await Task.WhenAny(typed, Task.Delay(TimeSpan.FromSeconds(1)));
    }

    // What is typed into a container is counted and not shown: passwords are typed.
    private async Task InputAsync(Exchange exchange, HttpSide engine)
    {
        try
        {
            await HttpBody.CopyToEndAsync(_client, engine, part => exchange.Sent += part.Length);
            engine.EndWriting();
        }
        catch (Exception e) when (HttpSide.IsHangUp(e))
        {
            // The client is gone: the engine learns it by the end of its input.
            engine.EndWriting();
        }
    }

    /// <summary>The connection to the engine: a new one where that of the last exchange has been closed, as by an engine that was restarted.</summary>
    /// <exception cref="EngineLostException">Nobody listens.</exception>
    private async Task<HttpSide> EngineAsync()
    {
        if (_engine is { HasEnded: false } open)
            return open;
        _engine?.Dispose();
        try
        {
            return _engine = new HttpSide(await EngineQuestions.ConnectAsync(proxy.Options.Upstream));
        }
        catch (SocketException e)
        {
            throw new EngineLostException($"nobody answers on {proxy.Options.Upstream}: is the engine running?", e);
        }
    }

    private async Task TryRefuseAsync(int status, string message)
    {
        var body = Encoding.UTF8.GetBytes($"{{\"message\":\"{JavaScriptEncoder.Default.Encode(message)}\"}}\n");
        var head = $"HTTP/1.1 {status} {(status == 400 ? "Bad Request" : status == 403 ? "Forbidden" : "Bad Gateway")}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
        try
        {
            await _client.WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(head), .. body]);
            _client.EndWriting();
            // The client may be sending still: closing at once could take the answer from it (RFC 9112, 9.6).
            await Task.WhenAny(DrainAsync(), Task.Delay(TimeSpan.FromSeconds(2)));
        }
        catch (Exception e) when (HttpSide.IsHangUp(e))
        {
            // Nobody to tell.
        }
    }

    private async Task DrainAsync()
    {
        try
        {
            await HttpBody.CopyToEndAsync(_client, null, _ => { });
        }
        catch (Exception e) when (HttpSide.IsHangUp(e))
        {
            // Gone, which is what was waited for.
        }
    }

    private BodyView View(Exchange exchange, HttpHead head, bool isAnswer, bool isStream) =>
        new(proxy.Options.Mask, head["Content-Type"] ?? "", isStream, text => proxy.Options.Sink.Said(exchange, isAnswer, text));

    // Old clients get their stream after a plain 200, in the place of a body.
    private static bool IsHijacked(Exchange exchange, HttpHead response) => response.Status == 101
        || (response.Status == 200 && response.Length is null && !response.IsChunked && exchange.Call is { Method: "POST" } call
            && call.Operation is ["containers", _, "attach"] or ["exec", _, "start"]);

    private static bool IsLast(HttpHead request, HttpHead response) => Closes(request) || Closes(response)
        || (!response.IsChunked && response.Length is null && HttpBody.HasBody(response, request.FirstLine.Split(' ')[0]));

    private static bool Closes(HttpHead head) => (head["Connection"]?.Contains("close", StringComparison.OrdinalIgnoreCase) ?? false)
        || head.FirstLine.EndsWith("HTTP/1.0", StringComparison.Ordinal) || head.FirstLine.StartsWith("HTTP/1.0", StringComparison.Ordinal);
}

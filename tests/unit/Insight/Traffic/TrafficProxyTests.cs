using System.Net.Sockets;
using System.Text;
using Vitrine.Insight.Traffic;
using Vitrine.Insight.Traffic.Rules;
using Vitrine.Secrets;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Traffic;

/// <summary>The proxy between a client and an engine that both are sockets of the test.</summary>
public sealed class TrafficProxyTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Sink _sink = new();
    private readonly Socket _engine = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private Task _serving = Task.CompletedTask;

    private string EnginePath => Path.Join(_directory.Path, "engine");

    private string ProxyPath => Path.Join(_directory.Path, "proxy");

    public ValueTask InitializeAsync()
    {
        _engine.Bind(new UnixDomainSocketEndPoint(EnginePath));
        _engine.Listen();
        _listener.Bind(new UnixDomainSocketEndPoint(ProxyPath));
        _listener.Listen();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving.WaitAsync(s_patience);
        _engine.Dispose();
        _listener.Dispose();
        _stop.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task TwoRequestsOnOneConnection_ArePassedOnAndSeen()
    {
        using var client = Connect();
        client.Send(Ascii("GET /v1.43/containers/json HTTP/1.1\r\nHost: d\r\n\r\nPOST /v1.43/containers/create HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"));
        using var engine = await _engine.AcceptAsync().WaitAsync(s_patience);

        await ExpectAsync(engine, "GET /v1.43/containers/json HTTP/1.1\r\nHost: d\r\n\r\n");
        await PassAsync(engine, client, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n1\r\n]\r\n0\r\n\r\n");
        await ExpectAsync(engine, "POST /v1.43/containers/create HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}");
        await PassAsync(engine, client, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");

        await _sink.EndedAsync(2);
        Assert.Equal(["GET /v1.43/containers/json", "200", "< []", "end", "POST /v1.43/containers/create", "> {}", "201", "end"], _sink.Lines);
    }

    [Fact]
    public async Task Hijacked_BytesGoBothWays_AndTheClientsEndIsPassedOn()
    {
        using var client = Connect();
        const string Request = "POST /exec/x/start HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}";
        client.Send(Ascii(Request));
        using var engine = await _engine.AcceptAsync().WaitAsync(s_patience);
        await ExpectAsync(engine, Request);
        await PassAsync(engine, client, "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n");

        client.Send(Ascii("typed"));
        client.Shutdown(SocketShutdown.Send);
        await ExpectAsync(engine, "typed");
        Assert.Equal(0, await engine.ReceiveAsync(new byte[1]).WaitAsync(s_patience));
        engine.Send(Ascii("answer\n"));
        engine.Close();

        await ExpectAsync(client, "answer\n");
        Assert.Equal(0, await client.ReceiveAsync(new byte[1]).WaitAsync(s_patience));
        await _sink.EndedAsync(1);
        Assert.Contains("< answer", _sink.Lines);
        Assert.DoesNotContain(_sink.Lines, line => line.Contains("typed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refused_NeverReachesTheEngine()
    {
        using var client = Connect(new ReadOnlyRule());
        client.Send(Ascii("DELETE /containers/web HTTP/1.1\r\nHost: d\r\n\r\n"));

        var answer = await ReceiveToEndAsync(client);

        Assert.StartsWith("HTTP/1.1 403", answer, StringComparison.Ordinal);
        Assert.Contains("--read-only refuses DELETE /containers/web", answer, StringComparison.Ordinal);
        Assert.False(_engine.Poll(0, SelectMode.SelectRead));
    }

    [Theory]
    [InlineData("POST /containers/create HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n\r\n{}", 403)]
    [InlineData("POST /containers/create HTTP/1.1\r\nContent-Length: 4\r\n\r\n{} x", 403)]
    [InlineData("GET /containers/%2e%2e/x HTTP/1.1\r\n\r\n", 403)]
    [InlineData("GET /x HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400)]
    [InlineData("POST /containers/create HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n", 0)]
    public async Task Ambiguous_UnderARule_IsRefused(string request, int status)
    {
        using var client = Connect(new NoHostRule());
        client.Send(Ascii(request));
        if (status == 0)
            client.Shutdown(SocketShutdown.Send);

        var answer = await ReceiveToEndAsync(client);

        Assert.StartsWith(status == 0 ? "HTTP/1.1 400" : $"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
        Assert.False(_engine.Poll(0, SelectMode.SelectRead));
    }

    /// <summary>podman's service answers both APIs on one socket: what a rule knows of docker's would be asked for in the other.</summary>
    [Theory]
    [InlineData("POST /v4.3.1/libpod/containers/web/exec")]
    [InlineData("POST /libpod/containers/create")]
    [InlineData("GET /v5.0.0/libpod/containers/web/archive?path=/etc")]
    [InlineData("POST /%6cibpod/containers/web/exec")]
    public async Task PodmansOwnApi_UnderARuleOfDockers_IsRefused(string request)
    {
        using var client = Connect(new ReadOnlyRule(), new NoArchiveRule());
        client.Send(Ascii($"{request} HTTP/1.1\r\n\r\n"));

        Assert.StartsWith("HTTP/1.1 403", await ReceiveToEndAsync(client), StringComparison.Ordinal);
        Assert.False(_engine.Poll(0, SelectMode.SelectRead));
    }

    [Fact]
    public async Task PodmansOwnApi_ReadOnly_MayBeRead()
    {
        using var client = Connect(new ReadOnlyRule());
        client.Send(Ascii("GET /libpod/info HTTP/1.1\r\n\r\n"));
        using var engine = await _engine.AcceptAsync().WaitAsync(s_patience);

        await ExpectAsync(engine, "GET /libpod/info HTTP/1.1\r\n\r\n");
    }

    [Fact]
    public async Task HeadWithoutEnd_IsBounded()
    {
        using var client = Connect();
        client.Send(new byte[HttpHead.MaxLength]);

        Assert.StartsWith("HTTP/1.1 400", await ReceiveToEndAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EngineGone_Says502()
    {
        _engine.Close();
        using var client = Connect();
        client.Send(Ascii("GET /_ping HTTP/1.1\r\n\r\n"));

        Assert.Contains("nobody answers", await ReceiveToEndAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EngineGone_WhileARuleAsksIt_Says502()
    {
        _engine.Close();
        using var client = Connect(OwnLabelRule.Parse("mine"));
        client.Send(Ascii("DELETE /containers/web HTTP/1.1\r\n\r\n"));

        var answer = await ReceiveToEndAsync(client);

        Assert.StartsWith("HTTP/1.1 502 ", answer, StringComparison.Ordinal);
        Assert.EndsWith($"{{\"message\":\"vitrine spy: nobody answers on {EnginePath}: is the engine running?\"}}\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "the engine closed the connection without an answer")]
    [InlineData("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", "the engine answers 500")]
    public async Task EngineThatCannotTell_WhileARuleAsksIt_IsA502(string told, string reason)
    {
        using var client = Connect(OwnLabelRule.Parse("mine"));
        client.Send(Ascii("DELETE /containers/web HTTP/1.1\r\n\r\n"));
        using (var engine = await _engine.AcceptAsync().WaitAsync(s_patience))
        {
            await ExpectAsync(engine, "GET /containers/web/json HTTP/1.1\r\nHost: vitrine-spy\r\nConnection: close\r\n\r\n");
            engine.Send(Ascii(told));
        }

        var answer = await ReceiveToEndAsync(client);

        Assert.StartsWith("HTTP/1.1 502 ", answer, StringComparison.Ordinal);
        Assert.Contains($"whether the call may pass is not known: {reason}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EngineThatClosesWithoutAnAnswer_IsA502()
    {
        using var client = Connect();
        client.Send(Ascii("GET /info HTTP/1.1\r\n\r\n"));
        using (var engine = await _engine.AcceptAsync().WaitAsync(s_patience))
            await ExpectAsync(engine, "GET /info HTTP/1.1\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 502 ", await ReceiveToEndAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EngineThatWasRestarted_IsAskedAnew()
    {
        using var client = Connect();
        client.Send(Ascii("GET /_ping HTTP/1.1\r\n\r\n"));
        using (var engine = await _engine.AcceptAsync().WaitAsync(s_patience))
        {
            await ExpectAsync(engine, "GET /_ping HTTP/1.1\r\n\r\n");
            await PassAsync(engine, client, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
        }

        client.Send(Ascii("GET /info HTTP/1.1\r\n\r\n"));
        using var restarted = await _engine.AcceptAsync().WaitAsync(s_patience);
        await ExpectAsync(restarted, "GET /info HTTP/1.1\r\n\r\n");
        await PassAsync(restarted, client, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }

    [Fact]
    public async Task ClientThatNoLongerWaits_IsGoneForTheEngineToo()
    {
        var client = Connect();
        client.Send(Ascii("POST /containers/x/wait HTTP/1.1\r\n\r\n"));
        using var engine = await _engine.AcceptAsync().WaitAsync(s_patience);
        await ExpectAsync(engine, "POST /containers/x/wait HTTP/1.1\r\n\r\n");

        client.Dispose();

        Assert.Equal(0, await engine.ReceiveAsync(new byte[1]).WaitAsync(s_patience));
    }

    [Fact]
    public async Task Label_IsPutIntoTheBody_WithItsLength()
    {
        using var client = Connect(OwnLabelRule.Parse("mine"));
        client.Send(Ascii("POST /containers/create HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"));
        using var engine = await _engine.AcceptAsync().WaitAsync(s_patience);

        await ExpectAsync(engine, "POST /containers/create HTTP/1.1\r\nContent-Length: 22\r\n\r\n{\"Labels\":{\"mine\":\"\"}}");
    }

    [Fact]
    public async Task ClientOfHttp10_UnderARule_IsAnsweredInItsOwnProtocol_AndHungUpOn()
    {
        using var client = Connect(OwnLabelRule.Parse("mine"));
        client.Send(Ascii("GET /version HTTP/1.0\r\nHost: d\r\n\r\n"));
        using var engine = await _engine.AcceptAsync().WaitAsync(s_patience);

        await ExpectAsync(engine, "GET /version HTTP/1.0\r\nHost: d\r\n\r\n");
        // As Kestrel does: the status line is of 1.1, the body ends with its length, and only the request says that nobody goes on.
        engine.Send(Ascii("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));

        Assert.EndsWith("{}", await ReceiveToEndAsync(client), StringComparison.Ordinal);
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private Socket Connect(params TrafficRule[] rules)
    {
        var options = new TrafficOptions { Upstream = EnginePath, Sink = _sink, Mask = new TrafficMask(reveal: false), Rules = rules };
        _serving = new TrafficProxy(options).ServeAsync(_listener, _stop.Token);
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(ProxyPath));
        return client;
    }

    /// <summary>Sends on one end; all of it must come out at the other.</summary>
    private static Task PassAsync(Socket from, Socket to, string text)
    {
        from.Send(Ascii(text));
        return ExpectAsync(to, text);
    }

    private static async Task ExpectAsync(Socket socket, string expected)
    {
        var bytes = new byte[expected.Length];
        var got = 0;
        while (got < bytes.Length && await socket.ReceiveAsync(bytes.AsMemory(got)).AsTask().WaitAsync(s_patience) is var more and > 0)
            got += more;
        Assert.Equal(expected, Encoding.ASCII.GetString(bytes, 0, got));
    }

    private static async Task<string> ReceiveToEndAsync(Socket socket)
    {
        var all = new MemoryStream();
        var bytes = new byte[4096];
        while (await socket.ReceiveAsync(bytes).WaitAsync(s_patience) is var count and > 0)
            all.Write(bytes, 0, count);
        return Encoding.ASCII.GetString(all.ToArray());
    }

    /// <summary>Keeps what was seen.</summary>
    private sealed class Sink : ITrafficSink
    {
        private readonly List<string> _lines = [];

        public List<string> Lines
        {
            get
            {
                lock (_lines)
                    return [.. _lines];
            }
        }

        public async Task EndedAsync(int count)
        {
            for (var end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds; Lines.Count(line => line == "end") < count;)
            {
                Assert.True(Environment.TickCount64 < end, "an exchange does not end");
                await Task.Delay(10);
            }
        }

        public void Asked(Exchange exchange) => Add($"{exchange.Request.FirstLine[..^9]}");

        public void Said(Exchange exchange, bool isAnswer, string text) => Add($"{(isAnswer ? '<' : '>')} {text}");

        public void Answered(Exchange exchange) => Add($"{exchange.Response!.Status}");

        public void Ended(Exchange exchange) => Add("end");

        private void Add(string line)
        {
            lock (_lines)
                _lines.Add(line);
        }
    }
}

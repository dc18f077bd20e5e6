using System.Text;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>The streams of attach and exec on the wire, as clients of all ages speak them.</summary>
public sealed class HijackTests(ApiSandbox box) : IClassFixture<ApiSandbox>
{
    private const string Upgrade = "Connection: Upgrade\r\nUpgrade: tcp\r\n";

    [Fact]
    public void ExecStart_WithBodyOnAKeptAliveConnection_IsUpgradedAndFramed()
    {
        var id = box.Run("sleep", "1000");
        var exec = CreateExec(id, """{"AttachStdin":true,"AttachStdout":true,"AttachStderr":true,"Cmd":["sh","-c","read x; echo out-$x; echo err >&2"]}""");
        using var connection = box.Connect();
        connection.Send("GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n");
        connection.ReadHead();
        Assert.Equal("OK", connection.ReadText(2));

        connection.Send(Request($"/v1.44/exec/{exec}/start", """{"Detach":false,"Tty":false}""", Upgrade));
        var head = connection.ReadHead();
        connection.Send("word\n");

        Assert.StartsWith("HTTP/1.1 101 UPGRADED\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/vnd.docker.multiplexed-stream\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Upgrade: tcp\r\n", head, StringComparison.Ordinal);
        Assert.Equal((1, "out-word\n"), connection.ReadFrame());
        Assert.Equal((2, "err\n"), connection.ReadFrame());
        Assert.Equal("", connection.ReadToEnd());
        Assert.Equal(0, box.Get($"/exec/{exec}/json").GetProperty("ExitCode").GetInt32());
    }

    [Fact]
    public void ExecStart_WithChunkedBodyInPiecesAndNoUpgrade_Is200AndRawType()
    {
        var id = box.Run("sleep", "1000");
        var exec = CreateExec(id, """{"AttachStdout":true,"Cmd":["echo","hello"]}""");
        using var connection = box.Connect();

        foreach (var piece in new[] { $"POST /v1.41/exec/{exec}/start HTTP/1.1\r\nHost: d\r\nContent-Type: applica", "tion/json\r\nTransfer-Encoding: chunked\r\n\r", "\n2\r\n{}", "\r\n0\r\n", "\r\n" })
        {
            connection.Send(piece);
            Thread.Sleep(5);
        }

        var head = connection.ReadHead();
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/vnd.docker.raw-stream\r\n", head, StringComparison.Ordinal);
        Assert.Equal((1, "hello\n"), connection.ReadFrame());
        Assert.Equal("", connection.ReadToEnd());
    }

    [Fact]
    public void Attach_BeforeAStartThatDoesNotCome_LeavesNoSupervisor()
    {
        var id = box.DockerOk("create", "--network", "none", "busybox", "echo", "hello");
        // It is booted while the client is expected to ask for the start, and again for another client should this test be too slow to see it.
        Eventually.True(() => Attached(id) && ProcessTable.WithArgument($"containers/{id}").Count == 1, "a supervisor waits", 60);

        Eventually.True(() => ProcessTable.WithArgument($"containers/{id}").Count == 0, "the supervisor has left", 60);

        Assert.Equal("created", box.Inspect(id, "{{.State.Status}}"));
        using var connection = box.Connect();
        connection.Send(Request($"/containers/{id}/attach?stream=1&stdout=1", "", Upgrade));
        connection.ReadHead();
        Assert.Equal(204, box.Send("POST", $"/containers/{id}/start").Status);
        Assert.Equal((1, "hello\n"), connection.ReadFrame());
    }

    [Fact]
    public void ExecStart_InputEnded_OutputStillComes()
    {
        var id = box.Run("sleep", "1000");
        var exec = CreateExec(id, """{"AttachStdin":true,"AttachStdout":true,"Cmd":["sh","-c","cat; echo ended; until [ -e /go ]; do usleep 10000; done; echo late"]}""");
        using var connection = box.Connect();
        connection.Send(Request($"/exec/{exec}/start", "{}", Upgrade));
        connection.ReadHead();

        connection.Send("typed");
        Assert.Equal((1, "typed"), connection.ReadFrame());
        connection.EndInput();

        Assert.Equal((1, "ended\n"), connection.ReadFrame());
        box.Ok("exec", id, "touch", "/go");
        Assert.Equal((1, "late\n"), connection.ReadFrame());
        Assert.Equal("", connection.ReadToEnd());
    }

    [Fact]
    public void ExecStart_Twice_IsAConflict_AndUnknownIsNotFound()
    {
        var id = box.Run("sleep", "1000");
        var exec = CreateExec(id, """{"AttachStdout":true,"Cmd":["true"]}""");
        Assert.Equal(200, box.Send("POST", $"/exec/{exec}/start", """{"Detach":true}""").Status);

        var (status, body) = box.Send("POST", $"/exec/{exec}/start", "{}");

        Assert.Equal(409, status);
        Assert.Contains(exec, body.GetProperty("message").GetString(), StringComparison.Ordinal);
        (status, body) = box.Send("POST", $"/exec/{new string('a', 64)}/start", "{}");
        Assert.Equal((404, $"No such exec instance: {new string('a', 64)}"), (status, body.GetProperty("message").GetString()));
    }

    [Fact]
    public void ExecStart_ClientGone_ProcessGoesOnAndItsEndIsKnown()
    {
        var id = box.Run("sleep", "1000");
        var exec = CreateExec(id, """{"AttachStdout":true,"Cmd":["sh","-c","i=0; while [ $i -lt 20000 ]; do echo 0123456789; i=$((i+1)); done; exit 9"]}""");
        using (var connection = box.Connect())
        {
            connection.Send(Request($"/exec/{exec}/start", "{}", Upgrade));
            connection.ReadHead();
            connection.ReadFrame();
        }

        Eventually.True(() => !box.Get($"/exec/{exec}/json").GetProperty("Running").GetBoolean(), "the exec has ended", 60);
        Assert.Equal(9, box.Get($"/exec/{exec}/json").GetProperty("ExitCode").GetInt32());
    }

    [Fact]
    public void Exec_ServerKilledMeanwhile_GoesOnAndItsEndIsKnownToTheNext()
    {
        var id = box.Run("sleep", "1000");
        var exec = CreateExec(id, """{"AttachStdout":true,"Cmd":["sh","-c","while [ ! -e /go ]; do echo still here; usleep 10000; done; exit 5"]}""");
        using var connection = box.Connect();
        connection.Send(Request($"/exec/{exec}/start", "{}", Upgrade));
        connection.ReadHead();
        connection.ReadFrame();

        box.KillServer();
        box.Serve();

        Assert.True(box.Get($"/exec/{exec}/json").GetProperty("Running").GetBoolean());
        box.Ok("exec", id, "touch", "/go");
        Eventually.True(() => !box.Get($"/exec/{exec}/json").GetProperty("Running").GetBoolean(), "the exec has ended", 60);
        Assert.Equal(5, box.Get($"/exec/{exec}/json").GetProperty("ExitCode").GetInt32());
    }

    [Fact]
    public void ExecTerminal_IsRawResizedAndDetached()
    {
        var id = box.Run("sleep", "1000");
        var exec = CreateExec(id, """{"AttachStdin":true,"AttachStdout":true,"Tty":true,"DetachKeys":"ctrl-x,x","Cmd":["sh","-c","stty -echo; trap 'stty size' WINCH; stty size; while true; do read x; done"],"ConsoleSize":[11,22]}""");
        using var connection = box.Connect();
        connection.Send(Request($"/exec/{exec}/start", """{"Tty":true,"ConsoleSize":[33,44]}""", Upgrade));
        Assert.Contains("Content-Type: application/vnd.docker.raw-stream\r\n", connection.ReadHead(), StringComparison.Ordinal);
        Assert.Equal("33 44\r\n", connection.ReadText(7));

        Assert.Equal(200, box.Send("POST", $"/exec/{exec}/resize?h=55&w=66").Status);
        Assert.Equal("55 66\r\n", connection.ReadText(7));

        connection.Send([24, (byte)'x']);
        Assert.Equal("", connection.ReadToEnd());
    }

    [Fact]
    public void Attach_BeforeStart_MissesNothingAndEndsWithTheProcess()
    {
        var id = Create("""{"Image":"busybox","Cmd":["sh","-c","echo first; cat; echo bye >&2"],"OpenStdin":true,"StdinOnce":true,"AttachStdin":true,"HostConfig":{"NetworkMode":"none"}}""");
        using var connection = box.Connect();
        connection.Send(Request($"/containers/{id}/attach?stream=1&stdin=1&stdout=1&stderr=1", "", Upgrade));
        Assert.StartsWith("HTTP/1.1 101", connection.ReadHead(), StringComparison.Ordinal);
        connection.Send("typed before the start\n");
        connection.EndInput();

        Assert.Equal(204, box.Send("POST", $"/containers/{id}/start").Status);

        var frames = new StringBuilder[] { new(), new(), new() };
        for (var left = "first\ntyped before the start\nbye\n".Length; left > 0;)
        {
            var (stream, text) = connection.ReadFrame();
            frames[stream].Append(text);
            left -= text.Length;
        }
        Assert.Equal(("first\ntyped before the start\n", "bye\n"), (frames[1].ToString(), frames[2].ToString()));
        Assert.Equal("", connection.ReadToEnd());
    }

    [Fact]
    public void Attach_TwoClientsAndLogs_AllGetEverything()
    {
        var id = Create("""{"Image":"busybox","Cmd":["sh","-c","echo one; read x; echo two"],"OpenStdin":true,"HostConfig":{"NetworkMode":"none"}}""");
        using var first = Attach(id, "stream=1&stdout=1&stdin=1");
        using var second = Attach(id, "stream=1&stdout=1");
        box.Send("POST", $"/containers/{id}/start");
        Assert.Equal((1, "one\n"), first.ReadFrame());
        Assert.Equal((1, "one\n"), second.ReadFrame());

        using var late = Attach(id, "stream=1&stdout=1&logs=1");
        Assert.Equal((1, "one\n"), late.ReadFrame());
        first.Send("go\n");

        foreach (var client in new[] { first, second, late })
        {
            Assert.Equal((1, "two\n"), client.ReadFrame());
            Assert.Equal("", client.ReadToEnd());
        }
    }

    [Fact]
    public void Attach_StartedByTheOtherFrontEnd_IsServed()
    {
        var id = Create("""{"Image":"busybox","Cmd":["sh","-c","sleep 1; echo here"],"HostConfig":{"NetworkMode":"none"}}""");
        using var connection = Attach(id, "stream=1&stdout=1");

        box.Ok("start", id);

        Assert.Equal((1, "here\n"), connection.ReadFrame());
        Assert.Equal("", connection.ReadToEnd());
    }

    [Fact]
    public async Task AttachWebSocket_CarriesInputAndOutput()
    {
        var id = Create("""{"Image":"busybox","Cmd":["cat"],"OpenStdin":true,"StdinOnce":true,"HostConfig":{"NetworkMode":"none"}}""");
        box.Send("POST", $"/containers/{id}/start");
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
                await socket.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(box.Socket), cancellation);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        using var web = new System.Net.WebSockets.ClientWebSocket();
        using var invoker = new HttpMessageInvoker(handler);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await web.ConnectAsync(new Uri($"ws://docker/containers/{id}/attach/ws?stream=1&stdin=1&stdout=1"), invoker, patience.Token);

        await web.SendAsync(Encoding.UTF8.GetBytes("over the web\n"), System.Net.WebSockets.WebSocketMessageType.Binary, true, patience.Token);

        var buffer = new byte[100];
        var got = await web.ReceiveAsync(buffer, patience.Token);
        Assert.Equal("over the web\n", Encoding.UTF8.GetString(buffer, 0, got.Count));
    }

    [Theory]
    [InlineData("POST /exec/x/start HTTP/1.1\r\nHost: d\r\nContent-Length: 100000000\r\n\r\n", 400)]
    [InlineData("POST /v1.23/exec/x/start HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\n\r\n{}", 400)]
    [InlineData("POST /containers/nosuch/attach?stream=1 HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n", 404)]
    [InlineData("POST /exec/x/start HTTP/1.1\r\nHost: d\r\nContent-Length: 1\r\n\r\n{", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: d\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400)]
    [InlineData("nonsense\r\n\r\n", 400)]
    public void Request_ThatIsWrong_IsAnsweredAsHttp(string request, int status)
    {
        using var connection = box.Connect();

        connection.Send(request);

        Assert.StartsWith($"HTTP/1.1 {status} ", connection.ReadHead(), StringComparison.Ordinal);
    }

    private RawConnection Attach(string id, string query)
    {
        var connection = box.Connect();
        connection.Send(Request($"/containers/{id}/attach?{query}", "", Upgrade));
        Assert.StartsWith("HTTP/1.1 101", connection.ReadHead(), StringComparison.Ordinal);
        return connection;
    }

    private string Create(string json)
    {
        var (status, body) = box.Send("POST", "/containers/create", json);
        Assert.Equal(201, status);
        return body.GetProperty("Id").GetString()!;
    }

    private string CreateExec(string container, string json)
    {
        var (status, body) = box.Send("POST", $"/containers/{container}/exec", json);
        Assert.Equal(201, status);
        return body.GetProperty("Id").GetString()!;
    }

    /// <summary>A client that attaches and goes.</summary>
    private bool Attached(string id)
    {
        using var connection = box.Connect();
        connection.Send(Request($"/containers/{id}/attach?stream=1&stdout=1", "", Upgrade));
        return connection.ReadHead().Length > 0;
    }

    private static string Request(string path, string json, string fields) =>
        $"POST {path} HTTP/1.1\r\nHost: d\r\n{fields}{(json.Length > 0 ? "Content-Type: application/json\r\n" : "")}Content-Length: {json.Length}\r\n\r\n{json}";
}

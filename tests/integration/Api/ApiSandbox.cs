using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>A sandbox with a vitrined of its own. Disposing ends it, and fails where it has left anything.</summary>
public class ApiSandbox : Sandbox
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly StringBuilder _log = new();
    private Process? _server;

    private readonly Process? _host;

    public ApiSandbox() : this(hasNetwork: false, "busybox")
    {
    }

    /// <param name="hasNetwork">Whether the server has a network namespace of its own, in which it may make bridges and rules.</param>
    /// <param name="images">What is in its store.</param>
    protected ApiSandbox(bool hasNetwork, params IEnumerable<string> images) : base(images)
    {
        if (hasNetwork)
            _host = NewNetwork();
        try
        {
            Serve();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Socket => Path.Combine(ExecRoot, "docker.sock");

    public int ServerPid => _server!.Id;

    /// <summary>What the server said on standard error.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>Starts the server, and waits until it answers.</summary>
    public void Serve(params IEnumerable<string> arguments) => ServeBy(Repository.Binary("vitrined"), ["--debug", .. arguments]);

    /// <summary>As <see cref="Serve"/>, by a program that becomes the server.</summary>
    public void ServeBy(string program, IEnumerable<string> arguments)
    {
        _server = _host is null
            ? Command.Start(program, arguments, Environment)
            : Command.Start("nsenter", [$"--net=/proc/{_host.Id}/ns/net", "--", program, .. arguments], Environment);
        var server = _server;
        _ = server.StandardOutput.ReadToEndAsync();
        new Thread(() => Read(server)) { IsBackground = true }.Start();
        Eventually.True(() => server.HasExited || Answers(), $"vitrined answers on {Socket}:\n{Log}", 60);
        Assert.False(server.HasExited, $"vitrined ended: {Log}");
    }

    /// <summary>SIGKILL: nothing can be cleaned up.</summary>
    public void KillServer()
    {
        _server!.Kill();
        _server.WaitForExit();
        _server.Dispose();
        _server = null;
    }

    /// <summary>Ends the server as systemd does.</summary>
    public void StopServer()
    {
        if (_server is null)
            return;
        if (!_server.HasExited)
            Command.Run("kill", $"{_server.Id}").ShouldSucceed();
        if (!_server.WaitForExit(20_000))
            KillServer();
        _server?.Dispose();
        _server = null;
    }

    /// <summary>The docker CLI against this server.</summary>
    public CommandResult Docker(params IEnumerable<string> arguments) => DockerWithInput(null, arguments);

    public CommandResult DockerWithInput(string? stdin, params IEnumerable<string> arguments)
    {
        Need.Program("docker", "docker-cli");
        return Command.Run("docker", arguments, stdin, DockerEnvironment, s_patience);
    }

    public string DockerOk(params IEnumerable<string> arguments) => Docker(arguments).ShouldSucceed().Text;

    /// <summary>A client in the server's network, where that is one of its own.</summary>
    public CommandResult OnHost(string program, IEnumerable<string> arguments, Dictionary<string, string?> environment) =>
        Command.Run("nsenter", [$"--net=/proc/{_host!.Id}/ns/net", "--", program, .. arguments], null, new Dictionary<string, string?>([.. DockerEnvironment, .. environment]), s_patience);

    public Process StartDocker(params IEnumerable<string> arguments) => Command.Start("docker", arguments, DockerEnvironment);

    public Dictionary<string, string?> DockerEnvironment => new(Environment) { ["DOCKER_HOST"] = $"unix://{Socket}" };

    /// <summary>An HTTP client on the socket; one connection is kept and used again.</summary>
    public HttpClient Client() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://docker"),
        Timeout = s_patience,
    };

    /// <summary>A bare connection, for what no client library does.</summary>
    public RawConnection Connect() => new(Socket);

    /// <summary>GET, which must succeed.</summary>
    public JsonElement Get(string path)
    {
        using var client = Client();
        using var answer = client.GetAsync(path).Result;
        var text = answer.Content.ReadAsStringAsync().Result;
        Assert.True(answer.IsSuccessStatusCode, $"GET {path}: {(int)answer.StatusCode} {text}");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>A request with a JSON body; its status and its body.</summary>
    public (int Status, JsonElement Body) Send(string method, string path, string? json = null)
    {
        using var client = Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = client.SendAsync(request).Result;
        var text = answer.Content.ReadAsStringAsync().Result;
        if (text.Length == 0)
            return ((int)answer.StatusCode, default);
        using var document = JsonDocument.Parse(text);
        return ((int)answer.StatusCode, document.RootElement.Clone());
    }

    /// <summary>Creates and starts a busybox container without a network; its id.</summary>
    public string Run(params string[] command) => DockerOk(["run", "--detach", "--network", "none", "busybox", .. command]);

    protected override void Dispose(bool disposing)
    {
        StopServer();
        try
        {
            base.Dispose(disposing);
        }
        finally
        {
            _host?.Kill();
            _host?.WaitForExit();
            _host?.Dispose();
        }
    }

    private static Process NewNetwork()
    {
        var host = Command.Start("unshare", ["--net", "sh", "-c", "ip link set lo up && exec sleep 3600"]);
        Eventually.True(() => ProcessTable.Exists(host.Id) && ProcessTable.Name(host.Id) == "sleep", "a network namespace is there");
        return host;
    }

    private bool Answers()
    {
        try
        {
            using var client = Client();
            // Not the server's time: a socket that its predecessor has left may take a call and never answer.
            client.Timeout = TimeSpan.FromSeconds(2);
            return client.GetStringAsync("/_ping").Result == "OK";
        }
        catch (AggregateException)
        {
            return false;
        }
    }

    private void Read(Process server)
    {
        while (server.StandardError.ReadLine() is { } line)
        {
            lock (_log)
                _log.AppendLine(line);
        }
    }
}

/// <summary>A connection to the server's socket, byte by byte.</summary>
public sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public RawConnection(string path)
    {
        _socket.ReceiveTimeout = 60_000;
        _socket.Connect(new UnixDomainSocketEndPoint(path));
    }

    public void Send(string text) => _socket.Send(Encoding.Latin1.GetBytes(text));

    public void Send(ReadOnlySpan<byte> bytes) => _socket.Send(bytes);

    /// <summary>Sends no more; still listens.</summary>
    public void EndInput() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Reads up to the empty line behind the header.</summary>
    public string ReadHead()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head.Append((char)ReadExactly(1)[0]);
        return head.ToString();
    }

    public byte[] ReadExactly(int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var got = _socket.Receive(bytes, read, count - read, SocketFlags.None);
            Assert.True(got > 0, $"the connection ended after {read} of {count} bytes: {Encoding.Latin1.GetString(bytes, 0, read)}");
            read += got;
        }
        return bytes;
    }

    public string ReadText(int count) => Encoding.Latin1.GetString(ReadExactly(count));

    /// <summary>One frame of a multiplexed stream.</summary>
    public (int Stream, string Text) ReadFrame()
    {
        var header = ReadExactly(8);
        var length = header[4] << 24 | header[5] << 16 | header[6] << 8 | header[7];
        return (header[0], ReadText(length));
    }

    /// <summary>Reads to the end of the connection.</summary>
    public string ReadToEnd()
    {
        var all = new MemoryStream();
        var buffer = new byte[4096];
        while (_socket.Receive(buffer) is > 0 and var count)
            all.Write(buffer, 0, count);
        return Encoding.Latin1.GetString(all.ToArray());
    }

    public void Dispose() => _socket.Dispose();
}

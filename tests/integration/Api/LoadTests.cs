using System.Diagnostics;
using System.Globalization;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>
/// Very many clients at once, and such as behave badly: what they take of the server is bounded while they are there, and given
/// back when they go. VITRINE_LOAD_ROUNDS asks for more rounds than the suite's one.
/// </summary>
public sealed class LoadTests(ApiSandbox box) : IClassFixture<ApiSandbox>
{
    private const string Upgrade = "Connection: Upgrade\r\nUpgrade: tcp\r\n";

    /// <summary>Most of the two hundred wait or listen: that once took a thread each.</summary>
    private const int Waiting = 80;
    private const int Listening = 60;
    private const int Streaming = 20;

    /// <summary>The pool has 64 threads at hand (Program), and runtime and server some of their own.</summary>
    private const int MostThreads = 110;

    private static readonly int s_rounds = int.Parse(Environment.GetEnvironmentVariable("VITRINE_LOAD_ROUNDS") ?? "1", CultureInfo.InvariantCulture);

    private ServerProcess Server => new(box.ServerPid);

    [Fact]
    public async Task TwoHundredClients_AllAreServed_WithoutAThreadForEach()
    {
        using var client = box.Client();
        Assert.Equal("OK", await client.GetStringAsync("/_ping"));
        for (var round = 0; round < s_rounds; round++)
        {
            var id = box.Run("sh", "-c", "echo first; until [ -e /go ]; do sleep 0.1; done; echo second; exit 7");
            var before = Server.Descriptors();
            using var clients = new Crowd(box);
            var followers = clients.Add(Streaming, $"GET /containers/{id}/logs?stdout=1&follow=1 HTTP/1.0\r\n\r\n", "200");
            var waiters = clients.Add(Waiting, $"POST /containers/{id}/wait HTTP/1.0\r\nContent-Length: 0\r\n\r\n", "200");
            var listeners = clients.Add(Listening, $"GET /events?filters={Uri.EscapeDataString($$"""{"container":["{{id}}"],"event":["die"]}""")} HTTP/1.0\r\n\r\n", "200");
            var attached = clients.Add(Streaming, $"POST /containers/{id}/attach?stream=1&stdout=1 HTTP/1.1\r\nHost: d\r\n{Upgrade}Content-Length: 0\r\n\r\n", "101");
            var execs = Enumerable.Range(0, Streaming).Select(_ => clients.Exec(id, "cat")).ToList();
            followers.ForEach(follower => Assert.Equal((1, "first\n"), follower.ReadFrame()));
            execs.ForEach(exec => exec.Send("typed\n"));
            execs.ForEach(exec => Assert.Equal((1, "typed\n"), exec.ReadFrame()));

            Assert.Equal("OK", await client.GetStringAsync("/_ping"));
            Assert.True(Server.Threads() <= MostThreads, $"{Waiting + Listening + 3 * Streaming} clients and {Server.Threads()} threads");
            File.WriteAllText(Path.Join(box.Inspect(id, "/proc/{{.State.Pid}}/root"), "go"), "");

            attached.ForEach(stream => Assert.Equal((1, "second\n"), stream.ReadFrame()));
            followers.ForEach(follower => Assert.Equal((1, "second\n"), follower.ReadFrame()));
            waiters.ForEach(waiter => Assert.StartsWith("{\"StatusCode\":7", waiter.ReadToEnd(), StringComparison.Ordinal));
            listeners.ForEach(listener => Assert.Contains("\"die\"", listener.ReadText(200), StringComparison.Ordinal));
            Assert.All([.. attached, .. followers, .. execs], stream => Assert.Equal("", stream.ReadToEnd()));
            clients.Dispose();
            ShouldHaveClosed(before);
            box.DockerOk("rm", id);
        }
    }

    /// <summary>Stopping may take as long as the container likes.</summary>
    [Fact]
    public void ClientsThatStopAndRestart_WaitWithoutAThreadForEach()
    {
        const int Stopping = 120, Restarting = 60;
        var id = box.Run("sh", "-c", "trap '' TERM; while :; do sleep 0.1; done");
        Eventually.Equal("SigIgn", () => Ignores(box.Pid(id), 15) ? "SigIgn" : "", 60);
        var before = Server.Descriptors();
        using (var clients = new Crowd(box))
        {
            var stopping = clients.Add(Stopping, $"POST /containers/{id}/stop?t=-1 HTTP/1.0\r\nContent-Length: 0\r\n\r\n");
            var restarting = clients.Add(Restarting, $"POST /containers/{id}/restart?t=-1 HTTP/1.0\r\nContent-Length: 0\r\n\r\n");
            // Each asks with the signal, which is told.
            Eventually.Equal(Stopping + Restarting, () => Kills(id), 120);
            Assert.True(Server.Threads() <= MostThreads, $"{Stopping + Restarting} clients and {Server.Threads()} threads");

            Assert.Equal(204, box.Send("POST", $"/containers/{id}/kill").Status);
            foreach (var client in stopping.Concat(restarting))
                Assert.StartsWith("HTTP/1.1 204", client.ReadToEnd(), StringComparison.Ordinal);
        }
        Assert.Equal("running", box.Inspect(id, "{{.State.Status}}"));
        ShouldHaveClosed(before);
        box.DockerOk("rm", "--force", id);
    }

    [Fact]
    public async Task ClientsThatDoNotRead_AreNotBufferedFor_AndHoldNobodyUp()
    {
        var id = box.DockerOk("run", "--detach", "--network", "none", "--log-opt", "max-size=100k", "--log-opt", "max-file=2", "busybox",
            "sh", "-c", "while :; do head -c 20000 /dev/zero | tr '\\0' x; echo; done");
        using var client = box.Client();
        Assert.Equal("OK", await client.GetStringAsync("/_ping"));
        var (before, memory) = (Server.Descriptors(), Server.Memory());
        using (var clients = new Crowd(box))
        {
            clients.Add(20, $"GET /containers/{id}/logs?stdout=1&follow=1 HTTP/1.1\r\nHost: d\r\n\r\n");
            clients.Add(20, $"POST /containers/{id}/attach?stream=1&stdout=1 HTTP/1.1\r\nHost: d\r\n{Upgrade}Content-Length: 0\r\n\r\n");
            clients.Add(20, "GET /events HTTP/1.1\r\nHost: d\r\n\r\n");
            clients.Add(20, $"GET /containers/{id}/stats HTTP/1.1\r\nHost: d\r\n\r\n");
            for (var i = 0; i < 10; i++)
                clients.Exec(id, "sh", "-c", "head -c 4000000 /dev/zero");
            // Meanwhile much is to be told: 400 events of some 500 bytes for each listener, and all that the container writes.
            for (var i = 0; i < 200 * s_rounds; i++)
                Assert.Equal(201, box.Send("POST", $"/containers/{id}/exec", """{"Cmd":["true"]}""").Status);

            var asked = Stopwatch.GetTimestamp();
            Assert.Single(box.Get("/containers/json").EnumerateArray());
            Assert.True(Stopwatch.GetElapsedTime(asked) < TimeSpan.FromSeconds(10), "others wait for clients that do not read");
            Assert.True(Server.Threads() <= MostThreads, $"{Server.Threads()} threads");
            Assert.True(Server.Memory() < memory + (128 << 20), $"from {memory} to {Server.Memory()} bytes of memory");
        }
        box.DockerOk("rm", "--force", id);
        ShouldHaveClosed(before);
    }

    [Fact]
    public void Requests_CutAtEveryByte_LeaveNothing()
    {
        var id = box.Run("sleep", "100000");
        using var client = box.Client();
        var (status, exec) = box.Send("POST", $"/containers/{id}/exec", """{"AttachStdout":true,"Cmd":["echo","whole"]}""");
        Assert.Equal(201, status);
        var start = $"POST /exec/{exec.GetProperty("Id").GetString()}/start HTTP/1.1\r\nHost: d\r\n{Upgrade}Content-Type: application/json\r\nContent-Length: 16\r\n\r\n{{\"Detach\":false}}";
        var (before, memory) = (Server.Descriptors(), Server.Memory());
        for (var round = 0; round < s_rounds; round++)
        {
            foreach (var request in (string[])
                     [
                         start,
                         $"POST /exec/{exec.GetProperty("Id").GetString()}/start HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n",
                         $"POST /containers/{id}/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\nHost: d\r\n{Upgrade}Content-Length: 2\r\n\r\n{{}}",
                         $"POST /containers/{id}/wait HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n",
                         "POST /containers/create?name=cut HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{\"Image\":\"busybox\"}",
                     ])
            {
                for (var length = 0; length < request.Length; length++)
                    Cut(request[..length], isHalfOpen: length % 4 == 0);
            }
        }

        Assert.Single(box.Get("/containers/json?all=1").EnumerateArray());
        using (var whole = box.Connect())
        {
            whole.Send(start);
            Assert.StartsWith("HTTP/1.1 101", whole.ReadHead(), StringComparison.Ordinal);
            Assert.Equal((1, "whole\n"), whole.ReadFrame());
        }
        ShouldHaveClosed(before);
        Assert.True(Server.Threads() <= MostThreads, $"{Server.Threads()} threads");
        Assert.True(Server.Memory() < memory + (64 << 20), $"from {memory} to {Server.Memory()} bytes of memory");
        box.DockerOk("rm", "--force", id);
    }

    /// <summary>A client that is gone after some of its request, or says no more and is gone then.</summary>
    private void Cut(string part, bool isHalfOpen)
    {
        using var connection = box.Connect();
        if (part.Length > 0)
            connection.Send(part);
        if (isHalfOpen)
            connection.EndInput();
    }

    private static bool Ignores(int pid, int signal) =>
        File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)).Split('\t')[1] is var mask
        && (ulong.Parse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) == 1;

    private int Kills(string id) => box.DockerOk("events", "--since", "1h", "--until", "0s", "--filter", $"container={id}", "--filter", "event=kill", "--format", "{{.Action}}")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    private void ShouldHaveClosed(int before) =>
        Eventually.True(() => Server.Descriptors() <= before, $"descriptors are closed: {before} before, {Server.Descriptors()} now", 60);

    /// <summary>What the kernel tells of the server.</summary>
    private readonly record struct ServerProcess(int Pid)
    {
        public int Descriptors() => Directory.GetFileSystemEntries($"/proc/{Pid}/fd").Length;

        public int Threads() => Directory.GetDirectories($"/proc/{Pid}/task").Length;

        /// <summary>Bytes that are its own.</summary>
        public long Memory() => 1024 * long.Parse(
            File.ReadLines($"/proc/{Pid}/status").Single(line => line.StartsWith("RssAnon:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture);
    }

    /// <summary>Clients that stay.</summary>
    private sealed class Crowd(ApiSandbox box) : IDisposable
    {
        private readonly List<RawConnection> _all = [];

        /// <param name="count">How many.</param>
        /// <param name="request">What each asks.</param>
        /// <param name="status">What it is to hear at once; null for those who do not even read that.</param>
        public List<RawConnection> Add(int count, string request, string? status = null)
        {
            var added = Enumerable.Range(0, count).Select(_ => box.Connect()).ToList();
            _all.AddRange(added);
            added.ForEach(client => client.Send(request));
            if (status is not null)
                added.ForEach(client => Assert.StartsWith($"HTTP/1.1 {status}", client.ReadHead(), StringComparison.Ordinal));
            return added;
        }

        /// <summary>One who has started an exec, and has its streams.</summary>
        public RawConnection Exec(string container, params IEnumerable<string> command)
        {
            var words = string.Join(',', command.Select(word => $"\"{word}\""));
            var (status, body) = box.Send("POST", $"/containers/{container}/exec", $$"""{"AttachStdin":true,"AttachStdout":true,"Cmd":[{{words}}]}""");
            Assert.Equal(201, status);
            return Add(1, $"POST /exec/{body.GetProperty("Id").GetString()}/start HTTP/1.1\r\nHost: d\r\n{Upgrade}Content-Length: 2\r\n\r\n{{}}", "101")[0];
        }

        public void Dispose() => _all.ForEach(client => client.Dispose());
    }
}

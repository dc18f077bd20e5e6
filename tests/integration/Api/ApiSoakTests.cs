using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>
/// Twenty clients do what comes to their minds while the server is killed every few seconds. Whatever they were told must stay
/// true, and nothing may be left over. VITRINE_SOAK_SECONDS asks for longer than the suite's own time.
/// </summary>
public sealed class ApiSoakTests(ApiSandbox box) : IClassFixture<ApiSandbox>
{
    private const int Clients = 20;
    private const int SecondsBetweenKills = 5;

    [Fact]
    public void KilledServer_LosesNothing_UnderRandomCalls()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("VITRINE_SOAK_SECONDS") ?? "15", CultureInfo.InvariantCulture);
        var end = Stopwatch.GetTimestamp() + seconds * Stopwatch.Frequency;
        var users = Enumerable.Range(0, Clients).Select(number => new SoakUser(box, number)).ToList();
        var threads = users.Select(user => new Thread(() => user.Run(() => Stopwatch.GetTimestamp() > end))).ToList();
        threads.ForEach(thread => thread.Start());
        while (Stopwatch.GetTimestamp() < end)
        {
            Thread.Sleep(TimeSpan.FromSeconds(Math.Min(SecondsBetweenKills, seconds / 3.0)));
            box.KillServer();
            box.Serve();
        }
        threads.ForEach(thread => Assert.True(thread.Join(TimeSpan.FromMinutes(3)), "a client hangs"));

        ShouldHaveNoProblems(users);
        Assert.True(users.Sum(user => user.Verified) > 0, "no client got anything done");
        ShouldNotLeak(users);
        users.ForEach(user => user.CleanUp());
        Assert.Equal("0", box.Ok("ps", "-aq").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ToString(CultureInfo.InvariantCulture));
        box.StopServer();
        Eventually.True(() => ProcessTable.WithArgument(box.DataRoot).Count == 0,
            $"no process is left: {string.Join("; ", ProcessTable.WithArgument(box.DataRoot))}", 30);
        box.Serve();
    }

    /// <summary>All of what they say, which an assertion of equal texts would cut.</summary>
    private void ShouldHaveNoProblems(IReadOnlyList<SoakUser> users)
    {
        var problems = users.SelectMany(user => user.Problems).ToList();
        Assert.True(problems.Count == 0, string.Join('\n', problems) + "\n" + box.Log);
    }

    /// <summary>A server that nobody kills any more has as many descriptors after many calls as after a few.</summary>
    private void ShouldNotLeak(IReadOnlyList<SoakUser> users)
    {
        void Round(int calls) => Parallel.ForEach(users, user => user.Run(CountDown(calls)));
        Round(3);
        var before = Descriptors();
        Round(6);
        ShouldHaveNoProblems(users);
        Eventually.True(() => Descriptors() <= before + Clients, $"the server has closed what it opened: {before} descriptors, then {Descriptors()}", 30);
    }

    private static Func<bool> CountDown(int calls) => () => calls-- <= 0;

    private int Descriptors() => Directory.GetFileSystemEntries($"/proc/{box.ServerPid}/fd").Length;
}

/// <summary>One client: it knows what it made, and looks whether that is still so.</summary>
internal sealed class SoakUser(ApiSandbox box, int number)
{
    private readonly Random _random = new(number);
    private readonly HttpClient _client = box.Client();
    private readonly List<string> _problems = [];
    private int _made;
    private string? _running;

    /// <summary>A restart that was cut off by the kill may stop the container at any moment, and not start it again.</summary>
    private bool _mayStop;

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>How often something came out as it should.</summary>
    public int Verified { get; private set; }

    public void Run(Func<bool> isOver)
    {
        while (!isOver())
        {
            try
            {
                Act();
            }
            catch (Exception e) when (IsLostConnection(e))
            {
                // The server was killed: the next one is on its way.
                Thread.Sleep(100);
            }
            catch (Exception e)
            {
                _problems.Add($"client {number}: {e}");
                return;
            }
        }
    }

    public void CleanUp()
    {
        foreach (var container in Json("GET", $"/containers/json?all=1&filters={Uri.EscapeDataString($$"""{"label":["soak={{number}}"]}""")}").EnumerateArray())
            Send("DELETE", $"/containers/{container.GetProperty("Id").GetString()}?force=1&v=1", null, 204, 404);
        _client.Dispose();
    }

    private void Act()
    {
        switch (_random.Next(12))
        {
            case < 4:
                RunToEnd();
                break;
            case < 6:
                Exec();
                break;
            case 6:
                RestartRunning();
                break;
            case 7:
                Json("GET", "/containers/json?all=1");
                Json("GET", "/images/json");
                break;
            case 8:
                HangUp();
                break;
            case 9:
                Json("GET", "/events?since=1&until=2");
                Send("GET", "/containers/nosuch/json", null, 404);
                break;
            case 10:
                FollowBriefly();
                break;
            default:
                RemoveRunning();
                break;
        }
    }

    /// <summary>A container that says something and ends: its log and its exit code must be there whatever happens to the server.</summary>
    private void RunToEnd()
    {
        var code = _random.Next(1, 100);
        var word = $"word-{number}-{++_made}";
        var id = Create($$"""["sh","-c","echo {{word}}; exit {{code}}"]""");
        Send("POST", $"/containers/{id}/start", null, 204, 304);
        Retry(() => Send("POST", $"/containers/{id}/wait", null, 200));
        var state = Retry(() => Json("GET", $"/containers/{id}/json")).GetProperty("State");
        Expect(state.GetProperty("ExitCode").GetInt32() == code, $"{id} ended with {code}: {state}");
        var log = Retry(() => Bytes($"/containers/{id}/logs?stdout=1"));
        Expect(log.EndsWith(word + "\n", StringComparison.Ordinal), $"the log of {id} is '{word}', not '{log}'");
        Retry(() => Send("DELETE", $"/containers/{id}?v=1", null, 204, 404));
        Verified++;
    }

    private void Exec()
    {
        var id = Running();
        var code = _random.Next(100);
        var created = Send("POST", $"/containers/{id}/exec", $$"""{"AttachStdout":true,"Cmd":["sh","-c","echo {{code}}; exit {{code}}"]}""", 201, 409);
        if (!created.TryGetProperty("Id", out var made))
        {
            Expect(_mayStop, $"{id} runs: {created}");
            Send("POST", $"/containers/{id}/start", null, 204, 304);
            return;
        }
        var exec = made.GetString()!;
        using (var connection = box.Connect())
        {
            connection.Send($"POST /exec/{exec}/start HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{{}}");
            var head = connection.ReadHead();
            Expect(head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal), $"exec start: {head}");
            var (stream, text) = connection.ReadFrame();
            if (_mayStop && text.Contains("is not running", StringComparison.Ordinal))
                return;
            Expect((stream, text) == (1, $"{code}\n"), $"exec said {stream} '{text}', not '{code}'");
        }
        JsonElement end = default;
        Eventually.True(() => !(end = Retry(() => Json("GET", $"/exec/{exec}/json"))).GetProperty("Running").GetBoolean(), "the exec ends", 60);
        Expect(end.GetProperty("ExitCode").GetInt32() == code, $"exec ended with {code}: {end}");
        Verified++;
    }

    private void RestartRunning()
    {
        var id = Running();
        _mayStop = true;
        Send("POST", $"/containers/{id}/restart?t=0", null, 204);
        _mayStop = false;
        Expect(Json("GET", $"/containers/{id}/json").GetProperty("State").GetProperty("Running").GetBoolean(), $"{id} runs after its restart");
    }

    private void RemoveRunning()
    {
        if (_running is not { } id)
            return;
        Retry(() => Send("DELETE", $"/containers/{id}?force=1", null, 204, 404));
        _running = null;
        Send("GET", $"/containers/{id}/json", null, 404);
    }

    /// <summary>A client that is gone at any byte of its request.</summary>
    private void HangUp()
    {
        var request = $"POST /containers/{_running ?? "x"}/attach?stream=1&stdout=1&stdin=1 HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n";
        using var connection = box.Connect();
        connection.Send(request[..(_random.Next(4) == 0 ? request.Length : _random.Next(request.Length))]);
    }

    private void FollowBriefly()
    {
        using var connection = box.Connect();
        connection.Send($"GET /containers/{Running()}/logs?stdout=1&follow=1 HTTP/1.1\r\nHost: d\r\n\r\n");
        Expect(connection.ReadHead().StartsWith("HTTP/1.1 200", StringComparison.Ordinal), "logs are followed");
    }

    /// <summary>This client's container that stays.</summary>
    private string Running()
    {
        if (_running is null)
        {
            var id = Create("""["sleep","100000"]""");
            Send("POST", $"/containers/{id}/start", null, 204, 304);
            (_running, _mayStop) = (id, false);
        }
        return _running;
    }

    private string Create(string command) =>
        Send("POST", "/containers/create", $$$"""{"Image":"busybox","Cmd":{{{command}}},"Labels":{"soak":"{{{number}}}"},"HostConfig":{"NetworkMode":"none"}}""", 201)
            .GetProperty("Id").GetString()!;

    private static T Retry<T>(Func<T> call)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return call();
            }
            catch (Exception e) when (IsLostConnection(e) && attempt < 600)
            {
                Thread.Sleep(100);
            }
        }
    }

    private static bool IsLostConnection(Exception e) =>
        e is HttpRequestException or IOException or System.Net.Sockets.SocketException or Xunit.Sdk.XunitException
            && (e is not Xunit.Sdk.XunitException || e.Message.Contains("the connection ended", StringComparison.Ordinal))
        || e is AggregateException { InnerException: { } inner } && IsLostConnection(inner);

    private void Expect(bool holds, string what)
    {
        if (!holds)
            throw new InvalidOperationException(what);
    }

    private JsonElement Json(string method, string path) => Send(method, path, null, 200);

    private string Bytes(string path)
    {
        using var answer = _client.GetAsync(path).Result;
        return Encoding.Latin1.GetString(answer.Content.ReadAsByteArrayAsync().Result);
    }

    private JsonElement Send(string method, string path, string? body, params int[] expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = _client.SendAsync(request).Result;
        var text = answer.Content.ReadAsStringAsync().Result;
        Expect(expected.Contains((int)answer.StatusCode), $"{method} {path}: {(int)answer.StatusCode} {text}");
        if (text.Length == 0 || text[0] is not ('{' or '['))
            return default;
        using var document = JsonDocument.Parse(text.Split('\n')[0]);
        return document.RootElement.Clone();
    }
}

using System.Globalization;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>What a server takes of its process's own resources while clients come and go.</summary>
public sealed class DescriptorTests(ApiSandbox box) : IClassFixture<ApiSandbox>
{
    private const int Calls = 300;

    private readonly Random _random = new(1);
    private string _running = "";

    [Fact]
    public void Calls_WithDisconnects_LeaveNoDescriptor()
    {
        _running = box.Run("sh", "-c", "echo started; exec sleep 100000");
        // Everything once before: what the server opens for good, it has opened then.
        Enumerable.Range(0, 30).ToList().ForEach(Call);
        Quiet();
        var before = Descriptors();

        Enumerable.Range(0, Calls).ToList().ForEach(Call);

        Quiet();
        Eventually.True(() => Descriptors().Count <= before.Count,
            $"the server has closed what it opened for {Calls} calls\nbefore: {Told(before)}\nafter: {Told(Descriptors())}", 60);
        Assert.Equal("running", box.Inspect(_running, "{{.State.Status}}"));
        box.DockerOk("rm", "--force", _running);
    }

    [Fact]
    public void FollowersOfLogs_TakeNoThreads_AndMissNothing()
    {
        var id = box.Run("sh", "-c", "echo first; until [ -e /go ]; do sleep 0.1; done; echo second");
        var followers = Enumerable.Range(0, 20).Select(_ => Open($"GET /containers/{id}/logs?stdout=1&follow=1 HTTP/1.0\r\n\r\n")).ToList();
        Assert.All(followers, follower =>
        {
            follower.ReadHead();
            Assert.Equal((1, "first\n"), follower.ReadFrame());
        });

        Eventually.Equal("", () => string.Join(' ', Threads().Where(name => name.StartsWith(".NET Long", StringComparison.Ordinal))), 30);
        box.DockerOk("exec", id, "touch", "/go");

        Assert.All(followers, follower =>
        {
            Assert.Equal((1, "second\n"), follower.ReadFrame());
            Assert.Equal("", follower.ReadToEnd());
            follower.Dispose();
        });
        box.DockerOk("rm", "--force", id);
    }

    private void Call(int number)
    {
        switch (number % 10)
        {
            case 0:
                box.Get("/containers/json?all=1");
                break;
            case 1:
                Cut("GET /containers/json HTTP/1.1\r\nHost: d\r\n\r\n");
                break;
            case 2:
                CutStream($"GET /containers/{_running}/logs?stdout=1&follow=1 HTTP/1.1\r\nHost: d\r\n\r\n", "200");
                break;
            case 3:
                CutStream($"POST /containers/{_running}/attach?stream=1&stdout=1 HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n", "101");
                break;
            case 4:
                Cut($"POST /containers/{_running}/attach?stream=1&stdout=1&stdin=1 HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n");
                break;
            case 5:
                CutStream("GET /events HTTP/1.1\r\nHost: d\r\n\r\n", "200");
                break;
            case 6:
                CutStream($"POST /containers/{_running}/wait HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n", "200");
                break;
            case 7:
                Exec();
                break;
            case 8:
                ComeAndGo(number);
                break;
            default:
                CutStream($"GET /containers/{_running}/stats HTTP/1.1\r\nHost: d\r\n\r\n", "200");
                break;
        }
    }

    /// <summary>An exec whose client leaves when it runs.</summary>
    private void Exec()
    {
        var (status, body) = box.Send("POST", $"/containers/{_running}/exec", """{"AttachStdout":true,"Cmd":["true"]}""");
        Assert.Equal(201, status);
        CutStream($"POST /exec/{body.GetProperty("Id").GetString()}/start HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{{}}", "101");
    }

    /// <summary>A container that runs, is listed, and goes; whoever follows its log sees it go.</summary>
    private void ComeAndGo(int number)
    {
        var (_, body) = box.Send("POST", $"/containers/create?name=n{number.ToString(CultureInfo.InvariantCulture)}",
            """{"Image":"busybox","Cmd":["sleep","1000"],"HostConfig":{"NetworkMode":"none"}}""");
        var id = body.GetProperty("Id").GetString();
        Assert.Equal(204, box.Send("POST", $"/containers/{id}/start").Status);
        using var follower = Open($"GET /containers/{id}/logs?stdout=1&follow=1 HTTP/1.0\r\n\r\n");
        Assert.Contains(" 200 ", follower.ReadHead(), StringComparison.Ordinal);
        box.Get("/containers/json");
        Assert.Equal(204, box.Send("DELETE", $"/containers/{id}?force=1").Status);
        follower.ReadToEnd();
    }

    /// <summary>A client that is gone at any byte of its request.</summary>
    private void Cut(string request)
    {
        using var connection = Open(request[..(1 + _random.Next(request.Length))]);
    }

    /// <summary>A client that has seen the answer begin, and leaves.</summary>
    private void CutStream(string request, string status)
    {
        using var connection = Open(request);
        Assert.StartsWith($"HTTP/1.1 {status}", connection.ReadHead(), StringComparison.Ordinal);
    }

    private RawConnection Open(string request)
    {
        var connection = box.Connect();
        connection.Send(request);
        return connection;
    }

    /// <summary>Waits until no stream and no exec is left.</summary>
    private void Quiet() => Eventually.True(() => Sockets() <= 4, $"connections have ended: {Told(Descriptors())}", 60);

    /// <summary>Without those that the server listens on or keeps for itself, there is none when nobody calls.</summary>
    private int Sockets() => Descriptors().Count(target => target.StartsWith("socket:", StringComparison.Ordinal));

    private List<string> Descriptors() => [.. Directory.GetFileSystemEntries($"/proc/{box.ServerPid}/fd").Select(Target).OfType<string>()];

    private List<string> Threads() => [.. Directory.GetDirectories($"/proc/{box.ServerPid}/task").Select(Name)];

    private static string Told(IEnumerable<string> targets) =>
        string.Join(", ", targets.GroupBy(target => target.Split('[')[0].Split(':')[0] is "socket" or "pipe" ? target.Split(':')[0] : target)
            .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Count()} {group.Key}"));

    private static string? Target(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Name(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}

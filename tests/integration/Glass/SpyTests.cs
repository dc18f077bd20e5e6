using System.Text.Json;
using Vitrine.TestKit;
using Vitrine.Tests.Integration.Api;
using Xunit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary>The real docker CLI through <c>vitrine spy</c> to a real engine.</summary>
public sealed class SpyTests(ApiSandbox engine) : IClassFixture<ApiSandbox>
{
    private const string Secret = "hunter2-Zq81xW";

    [Fact]
    public void Command_RunsThroughIt_AndEveryCallIsSeen()
    {
        var run = Spy(["--json"], "docker", "run", "--rm", "-e", $"DB_PASSWORD={Secret}", "--network", "none", "busybox", "sh", "-c", "echo out; exit 7");

        run.ShouldExit(7);
        Assert.Equal("out", run.Text);
        Assert.DoesNotContain(Secret, run.Stderr, StringComparison.Ordinal);
        var events = run.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(
            ["is the engine there, and which version does it speak", "make a container", "connect to its input and output", "wait for its end", "start it"],
            events.Where(one => one.GetProperty("event").GetString() == "request").Select(one => one.GetProperty("meaning").GetString()));
        Assert.Contains(events, one => one.GetProperty("event").GetString() == "body" && one.GetProperty("text").GetString() == "stdout: out");
        Assert.Contains(events, one => one.GetProperty("event").GetString() == "body" && one.GetProperty("text").GetString()!.Contains("DB_PASSWORD=[hidden", StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.GetDirectories(Path.GetTempPath(), "vitrine-spy-*"), directory => run.Stderr.Contains(directory, StringComparison.Ordinal));
    }

    [Fact]
    public void Input_ReachesACommandInAContainer()
    {
        engine.DockerOk("run", "-d", "--name", "spied", "--network", "none", "busybox", "sleep", "600");

        var run = Spy(["-q"], "sh", "-c", "echo typed | docker exec -i spied cat");

        Assert.Equal("typed", run.ShouldSucceed().Text);
        engine.DockerOk("rm", "-f", "spied");
    }

    [Fact]
    public void Rules_RefuseWhatTheySay_AndLetTheRestPass()
    {
        engine.DockerOk("run", "-d", "--name", "theirs", "--network", "none", "busybox", "sleep", "600");

        Spy(["--read-only"], "docker", "rm", "-f", "theirs").ShouldFail(1, "--read-only refuses DELETE /containers/theirs");
        Assert.Contains("theirs", Spy(["--read-only", "-q"], "docker", "ps").ShouldSucceed().Text, StringComparison.Ordinal);
        Spy(["--no-exec"], "docker", "exec", "theirs", "true").ShouldFail(1, "--no-exec");
        Spy(["--no-archive"], "docker", "cp", "theirs:/bin/busybox", "-").ShouldFail(1, "--no-archive");
        Spy(["--no-host-mounts"], "docker", "run", "--rm", "--network", "none", "-v", "/:/host", "busybox", "true").ShouldFail(125, "it mounts the host's /");
        Assert.Equal("in", Spy(["--no-host-mounts", "-q"], "docker", "run", "--rm", "--network", "none", "-v", "spydata:/d", "busybox", "echo", "in").ShouldSucceed().Text);
        engine.DockerOk("rm", "-f", "theirs");
        engine.DockerOk("volume", "rm", "spydata");
    }

    [Fact]
    public void Own_SeesAndTouchesOnlyItsOwn()
    {
        engine.DockerOk("run", "-d", "--name", "alien", "--network", "none", "busybox", "sleep", "600");
        const string Script = """
            docker run -d --name native --network none busybox sleep 600 >/dev/null
            docker ps --format '{{.Names}}'
            docker rm -f alien 2>/dev/null && echo removed
            docker container prune -f >/dev/null
            docker exec native echo inside
            docker inspect -f '{{index .Config.Labels "team"}}' native
            docker rm -f native >/dev/null
            """;

        var run = Spy(["--own", "team=blue", "-q"], "sh", "-c", Script);

        Assert.Equal(["native", "inside", "blue"], run.ShouldSucceed().Lines);
        Assert.Equal("true", engine.DockerOk("inspect", "-f", "{{.State.Running}}", "alien"));
        engine.DockerOk("rm", "-f", "alien");
    }

    [Fact]
    public void NoEngine_IsNamed()
    {
        Command.Run(Repository.Binary("vitrine-glass"), ["spy", "-u", "/nonexistent/sock", "--", "true"]).ShouldFail(1, "/nonexistent/sock: there is no such socket");
        Spy(["--body", "some"], "true").ShouldFail(1, "--body some");
        Spy([], "/nonexistent/program").ShouldFail(1, "there is no such command");
    }

    private CommandResult Spy(string[] options, params string[] command)
    {
        Need.Program("docker", "docker-cli");
        return Command.Run(Repository.Binary("vitrine-glass"), ["spy", "-u", engine.Socket, .. options, "--", .. command], null, engine.DockerEnvironment, TimeSpan.FromSeconds(120));
    }
}

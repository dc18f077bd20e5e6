using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary>Images with real services.</summary>
public sealed class ServicesSandbox() : Sandbox("nginx", "redis", "postgres", "debian");

/// <summary>A container is a process: the walk from the host, and the services people run.</summary>
public sealed class WalkTests(ServicesSandbox box) : IClassFixture<ServicesSandbox>
{
    [Fact]
    public void Nginx_IsAProcessOfThisHost()
    {
        box.Ok("run", "-d", "--name", "web", "nginx");
        var pid = box.Pid("web");

        Assert.Equal("nginx", ProcessTable.Name(pid));
        Assert.Equal("vitrine-shim", ProcessTable.Name(ProcessTable.Parent(pid)));
        Assert.Contains(Command.Run("ps", "-fC", "nginx").ShouldSucceed().Lines, line => line.Contains($" {pid} ", StringComparison.Ordinal));

        // Its files are a directory of this host, and what is made there is seen inside.
        Assert.Contains("etc", Command.Run("ls", $"/proc/{pid}/root").ShouldSucceed().Lines);
        File.WriteAllText($"/proc/{pid}/root/tmp/from-host", "hello");
        Assert.Contains("from-host", box.Ok("exec", "web", "ls", "/tmp").Split('\n'));

        // And it serves.
        Eventually.Equal(0, () => box.Vitrine("exec", "web", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/80").ExitCode);
        Assert.Contains("Welcome to nginx", box.Ok("exec", "web", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/80; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3"), StringComparison.Ordinal);

        Command.Run("kill", pid.ToString()).ShouldSucceed();
        Eventually.Equal("", () => box.Ok("ps", "--quiet", "--filter", "name=web"), 2);
        Assert.Equal("exited", box.Inspect("web", "{{.State.Status}}"));
    }

    [Fact]
    public void Postgres_ShowsItsPasswordToTheHostAndExplainWarns()
    {
        box.Ok("run", "-d", "--name", "db", "-e", "POSTGRES_PASSWORD=correct-horse-battery", "-v", "dbdata:/var/lib/postgresql/data", "postgres");
        Eventually.Equal(0, () => Psql("SELECT 1").ExitCode, 60);

        Assert.Contains("POSTGRES_PASSWORD=correct-horse-battery", File.ReadAllText($"/proc/{box.Pid("db")}/environ"), StringComparison.Ordinal);
        var explanation = box.Ok("explain", "db");
        Assert.Contains("POSTGRES_PASSWORD", explanation, StringComparison.Ordinal);
        Assert.Contains("/environ", explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("correct-horse-battery", explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("correct-horse-battery", box.Ok("explain", "--json", "db"), StringComparison.Ordinal);

        Psql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)").ShouldSucceed();
        box.Ok("rm", "-f", "db");
        box.Ok("run", "-d", "--name", "db", "-e", "POSTGRES_PASSWORD=correct-horse-battery", "-v", "dbdata:/var/lib/postgresql/data", "postgres");
        Eventually.Equal("42", () => Psql("SELECT n FROM kept").Text, 60);
        box.Ok("restart", "db");
        Eventually.Equal("42", () => Psql("SELECT n FROM kept").Text, 60);
    }

    [Fact]
    public void Redis_ServesAndPersists()
    {
        box.Ok("run", "-d", "--name", "cache", "-v", "cachedata:/data", "redis");
        Eventually.Equal("PONG", () => box.Vitrine("exec", "cache", "redis-cli", "ping").Text, 20);

        box.Ok("exec", "cache", "redis-cli", "set", "key", "value");
        box.Ok("exec", "cache", "redis-cli", "save");
        box.Ok("stop", "cache");
        Assert.Equal("0", box.Inspect("cache", "{{.State.ExitCode}}"));
        box.Ok("start", "cache");

        Eventually.Equal("value", () => box.Vitrine("exec", "cache", "redis-cli", "get", "key").Text, 20);
        Assert.Contains("Ready to accept connections", box.Ok("logs", "cache"), StringComparison.Ordinal);
    }

    [Fact]
    public void Debian_RunsItsTools()
    {
        Assert.StartsWith("Debian GNU/Linux 12", box.Ok("run", "--rm", "debian", "bash", "-c", ". /etc/os-release; echo $PRETTY_NAME"), StringComparison.Ordinal);
        Assert.Contains("passwd", box.Ok("run", "--rm", "debian", "dpkg", "-S", "/usr/bin/passwd"), StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_Json_TellsWhatTheKernelTells()
    {
        box.Ok("run", "-d", "--name", "glass", "--memory", "64m", "--cap-add", "NET_ADMIN", "-u", "www-data", "debian", "sleep", "600");

        var byName = box.Ok("explain", "--json", "glass");
        using var document = JsonDocument.Parse(byName);

        Assert.Contains("67108864", byName, StringComparison.Ordinal);
        Assert.Contains("NET_ADMIN", byName, StringComparison.Ordinal);
        Assert.Contains(ProcessTable.Namespace(box.Pid("glass"), "net").Split('[')[1].TrimEnd(']'), byName, StringComparison.Ordinal);
        box.Ok("explain", box.Pid("glass").ToString());
    }

    [Fact]
    public void Explain_AnyProcess_NeedsNoEngine()
    {
        using var bare = Command.Start("unshare", ["-m", "-p", "-n", "-u", "-i", "-f", "--mount-proc", "--kill-child", "sleep", "600"]);
        try
        {
            var child = 0;
            Eventually.True(() => int.TryParse(File.ReadAllText($"/proc/{bare.Id}/task/{bare.Id}/children").Trim(), out child), "unshare forked");

            Assert.Contains("sleep", box.Ok("explain", child.ToString()), StringComparison.Ordinal);
        }
        finally
        {
            bare.Kill();
        }
    }

    [Fact]
    public void Explain_Unknown_IsNamed() => box.Vitrine("explain", "nobody").ShouldFail(1, "nobody");

    private CommandResult Psql(string sql) =>
        box.Vitrine("exec", "-e", "PGPASSWORD=correct-horse-battery", "db", "psql", "-h", "127.0.0.1", "-tAc", sql);
}

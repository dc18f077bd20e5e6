using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Dropin;

/// <summary>vitrine-oci under engines with docker's command line: three services, and every verb that becomes one of the runtime's.</summary>
public abstract class DockerLikeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private const string GetPage = "exec 3<>/dev/tcp/127.0.0.1/80; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3";
    private const string Initialise = "initdb -A trust >/dev/null && exec postgres -k /tmp";
    private static readonly string[] s_postgres =
    [
        "--user", "postgres", "-e", "PGDATA=/var/lib/postgresql/data",
        "-e", "PATH=/usr/lib/postgresql/15/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ];

    /// <summary>Runs the engine's command line.</summary>
    protected abstract CommandResult Engine(params IEnumerable<string> arguments);

    /// <summary>The engine as the glass box calls it, and the thread name of its supervisor.</summary>
    protected abstract (string Engine, string Supervisor) Seen { get; }

    private string Ok(params IEnumerable<string> arguments) => Engine(arguments).ShouldSucceed().Text;

    [Fact]
    public void Nginx_FromRunToRemoval()
    {
        Ok("run", "-d", "--name", "web", "--net", "none", "--memory", "128m", "--pids-limit", "100", "nginx");
        Eventually.True(() => Engine("exec", "web", "bash", "-c", GetPage).Stdout.Contains("Welcome to nginx", StringComparison.Ordinal),
            "nginx answers", s_patience.TotalSeconds);
        Assert.Equal("134217728", Ok("exec", "web", "cat", "/sys/fs/cgroup/memory/memory.limit_in_bytes"));
        Assert.Equal("100", Ok("exec", "web", "cat", "/sys/fs/cgroup/pids/pids.max"));

        Ok("update", "--memory", "192m", "--memory-swap", "384m", "web");
        Assert.Equal("201326592", Ok("exec", "web", "cat", "/sys/fs/cgroup/memory/memory.limit_in_bytes"));

        Ok("pause", "web");
        Assert.Equal("paused", State("web"));
        Ok("unpause", "web");
        Assert.Equal("running", State("web"));
        Assert.Contains("nginx: master", Ok("top", "web"), StringComparison.Ordinal);
        Assert.Contains("/dev/pts/", Ok("exec", "-t", "web", "tty"), StringComparison.Ordinal);
        Engine("exec", "web", "sh", "-c", "exit 7").ShouldExit(7);

        Ok("restart", "--time", "20", "web");
        Eventually.True(() => Engine("exec", "web", "bash", "-c", GetPage).ExitCode == 0, "nginx answers again", s_patience.TotalSeconds);
        Ok("kill", "web");
        Eventually.Equal("exited", () => State("web"), s_patience.TotalSeconds);
        Ok("rm", "web");
    }

    [Fact]
    public void HostView_KnowsTheContainerAndWhoJoined()
    {
        var name = $"seen-of-{Seen.Engine}";
        var id = Ok("run", "-d", "--name", name, "--net", "none", "nginx", "sleep", "600");
        Ok("exec", "-d", name, "sleep", "601");
        HostViewCheck.Knows(Seen.Engine, id, name, Seen.Supervisor, "nginx");
        Ok("rm", "--force", name);
    }

    [Fact]
    public void Redis_AsItsOwnUserWithoutCapabilities()
    {
        Ok("run", "-d", "--name", "cache", "--net", "none", "--user", "redis", "--cap-drop", "ALL", "--read-only", "--tmpfs", "/data:rw,mode=1777",
            "--stop-signal", "SIGTERM", "nginx", "redis-server", "--dir", "/data");
        Eventually.True(() => Engine("exec", "cache", "redis-cli", "set", "key", "value").Stdout.Contains("OK", StringComparison.Ordinal), "redis takes a key",
            s_patience.TotalSeconds);
        Assert.Equal("value", Ok("exec", "cache", "redis-cli", "get", "key"));
        Ok("stop", "--time", "30", "cache");
        Assert.Equal("0", Ok("inspect", "--format", "{{.State.ExitCode}}", "cache"));
        Ok("rm", "cache");
    }

    [Fact]
    public void Postgres_AnswersAndStopsInOrder()
    {
        Ok(["run", "-d", "--name", "db", "--net", "none", .. s_postgres, "--stop-signal", "SIGINT", "nginx", "sh", "-c", Initialise]);
        Eventually.True(() => Engine("exec", "db", "psql", "-h", "/tmp", "-Atc", "select 40 + 2").Text == "42", "postgres answers", s_patience.TotalSeconds);
        Ok("stop", "--time", "60", "db");
        Assert.Equal("0", Ok("inspect", "--format", "{{.State.ExitCode}}", "db"));
        Ok("rm", "db");
    }

    [Fact]
    public void Failures_HaveDockersExitCodes()
    {
        Engine("run", "--rm", "--net", "none", "nginx", "no-such-command").ShouldFail(127, "executable file not found");
        Engine("run", "--rm", "--net", "none", "nginx", "/etc/passwd").ShouldFail(126, "permission denied");
        Engine("run", "--rm", "--net", "none", "nginx", "sh", "-c", "exit 9").ShouldExit(9);
        Assert.Contains("/dev/pts/", Ok("run", "--rm", "-t", "--net", "none", "nginx", "tty"), StringComparison.Ordinal);
    }

    private string State(string container) => Ok("inspect", "--format", "{{.State.Status}}", container);
}

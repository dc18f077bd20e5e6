using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>A server with a network of its own, and images of services.</summary>
public sealed class ServicesApiSandbox() : ApiSandbox(hasNetwork: true, "nginx", "redis", "postgres");

/// <summary>Debian's docker-compose 1.29, with services as people compose them.</summary>
public sealed class ComposeTests(ServicesApiSandbox box) : IClassFixture<ServicesApiSandbox>
{
    private const string Project = """
        version: "3.8"
        services:
          web:
            image: nginx
            networks: [front]
            ports: ["127.0.0.1:18080:80"]
            depends_on: [cache, db]
          cache:
            image: redis
            command: redis-server --dir /data --protected-mode no
            networks: [front]
            volumes: ["cached:/data"]
          db:
            image: postgres
            networks: [front]
            environment: {POSTGRES_PASSWORD: correct-horse}
            volumes: ["stored:/var/lib/postgresql/data"]
        networks:
          front:
            labels: {made: by-compose}
        volumes:
          cached:
          stored:
        """;

    [Fact]
    public void Compose_UpPsLogsExecDown()
    {
        Need.Program("docker-compose", "docker-compose");
        File.WriteAllText(Path.Combine(box.Files, "docker-compose.yml"), Project);

        Compose("up", "-d").ShouldSucceed();

        var ps = Compose("ps").ShouldSucceed().Stdout;
        Assert.Equal(3, ps.Split('\n').Count(line => line.Contains(" Up ", StringComparison.Ordinal)));
        Assert.Contains("127.0.0.1:18080->80/tcp", ps, StringComparison.Ordinal);
        Eventually.True(() => Compose("logs", "db").Stdout.Contains("ready to accept connections", StringComparison.Ordinal), "the log tells that the database is up", 60);
        Eventually.Equal("PONG", () => Compose("exec", "-T", "cache", "redis-cli", "ping").Text, 60);

        // By the service's name, from one container to another, through the names that compose gives in the network.
        Assert.Contains("Welcome to nginx", InDb("exec 3<>/dev/tcp/web/80; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3"), StringComparison.Ordinal);
        Assert.Equal("+PONG", InDb("exec 3<>/dev/tcp/cache/6379; printf 'PING\\r\\n' >&3; head -n 1 <&3").TrimEnd('\r'));
        Assert.Equal("1", InDb("PGPASSWORD=correct-horse psql -h 127.0.0.1 -U postgres -Atc 'select 1'"));

        Compose("exec", "-T", "cache", "redis-cli", "set", "kept", "value").ShouldSucceed();
        Compose("exec", "-T", "cache", "redis-cli", "save").ShouldSucceed();
        Compose("down").ShouldSucceed();
        Assert.Equal("", box.DockerOk("ps", "--all", "--quiet"));
        Compose("up", "-d", "cache").ShouldSucceed();
        Eventually.Equal("value", () => Compose("exec", "-T", "cache", "redis-cli", "get", "kept").Text, 60);

        Compose("down", "--volumes").ShouldSucceed();
        Assert.Equal("", box.DockerOk("volume", "ls", "--quiet"));
        Assert.Equal("", box.DockerOk("network", "ls", "--quiet", "--filter", "label=made=by-compose"));
    }

    private string InDb(string script) => Compose("exec", "-T", "db", "bash", "-c", script).ShouldSucceed().Text;

    private CommandResult Compose(params IEnumerable<string> arguments) => Command.Run("docker-compose",
        ["--file", Path.Combine(box.Files, "docker-compose.yml"), "--project-name", "composed", "--no-ansi", .. arguments], null, box.DockerEnvironment, TimeSpan.FromMinutes(2));
}

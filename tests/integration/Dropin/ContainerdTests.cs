using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Dropin;

public sealed class ContainerdHost : IDisposable
{
    private readonly ContainerdEngine _containerd;

    public ContainerdHost()
    {
        Need.Program("containerd", "containerd");
        Host = new PrivateHost();
        _containerd = new ContainerdEngine(Host, PrivateHost.ServicesArchive);
    }

    public string Image => _containerd.Image;

    internal PrivateHost Host { get; }

    public CommandResult Ctr(IEnumerable<string> arguments) => _containerd.Run(arguments);

    public void Dispose()
    {
        _containerd.Dispose();
        Host.Dispose();
    }
}

/// <summary>containerd with vitrine-oci as the BinaryName of its runc shim.</summary>
public sealed class ContainerdTests(ContainerdHost host) : IClassFixture<ContainerdHost>
{
    private const double Patience = 60;

    private string Ok(params IEnumerable<string> arguments) => host.Ctr(arguments).ShouldSucceed().Text;

    [Fact]
    public void Service_RunExecPauseKillDelete()
    {
        Ok("run", "--detach", "--runc-binary", PrivateHost.Runtime, host.Image, "web");
        Eventually.True(() => host.Ctr(["tasks", "exec", "--exec-id", "get", "web", "bash", "-c",
            "exec 3<>/dev/tcp/127.0.0.1/80; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3"]).Stdout.Contains("Welcome to nginx", StringComparison.Ordinal),
            "nginx answers", Patience);
        host.Ctr(["tasks", "exec", "--exec-id", "code", "web", "sh", "-c", "exit 4"]).ShouldExit(4);
        Ok("tasks", "pause", "web");
        Assert.Contains("PAUSED", Ok("tasks", "list"), StringComparison.Ordinal);
        Ok("tasks", "resume", "web");
        Assert.Contains("memory.usage_in_bytes", Ok("tasks", "metrics", "web"), StringComparison.Ordinal);
        Assert.NotEmpty(Ok("tasks", "ps", "web"));
        Ok("tasks", "kill", "--signal", "SIGKILL", "--all", "web");
        Eventually.True(() => Ok("tasks", "list").Contains("STOPPED", StringComparison.Ordinal), "the task has stopped", Patience);
        Assert.Contains("exit code 137", host.Ctr(["tasks", "delete", "web"]).Stderr, StringComparison.Ordinal);
        Ok("containers", "delete", "web");
    }

    [Fact]
    public void HostView_KnowsTheContainerAndWhoJoined()
    {
        Ok("run", "--detach", "--runc-binary", PrivateHost.Runtime, host.Image, "seen-of-containerd", "sleep", "600");
        Ok("tasks", "exec", "--detach", "--exec-id", "second", "seen-of-containerd", "sleep", "601");
        HostViewCheck.Knows("containerd", "seen-of-containerd", "seen-of-containerd", "containerd-shim", image: null);
    }

    /// <summary>With runc, as containerd comes.</summary>
    [Fact]
    public void GlassBox_SaysWhatContainerdSays()
    {
        Ok("run", "--detach", "--memory-limit", "100663296", "--env", $"DB_PASSWORD={GlassBoxCheck.Secret}", "--seccomp", host.Image, "boxed-containerd");
        GlassBoxCheck.Change(script => host.Ctr(["tasks", "exec", "--exec-id", $"e{Guid.NewGuid():N}", "boxed-containerd", "sh", "-c", script]));
        new GlassBoxCheck(host.Host, GlassSubject.OfContainerd("boxed-containerd", host.Image, host.Ctr)).Holds();
    }

    /// <summary>
    /// As Docker has it whose images are in containerd's store: the namespace and the cgroup are Docker's, and so is the record that names
    /// the manifest. The Docker here is too old to make one.
    /// </summary>
    [Fact]
    public void Explain_DockersContainerOfTheImageStore_HasTheImagesLayer()
    {
        var id = $"{Guid.NewGuid():N}{Guid.NewGuid():N}";
        CommandResult Moby(params IEnumerable<string> arguments) => host.Ctr(["--namespace", "moby", .. arguments]);
        Moby("images", "import", TestImages.Archive("busybox")).ShouldSucceed();
        var image = Moby("images", "list", "--quiet").ShouldSucceed().Lines[0];
        var manifest = Moby("images", "list").ShouldSucceed().Text.Split().First(word => word.StartsWith("sha256:", StringComparison.Ordinal));
        var layer = Moby("snapshots", "list").ShouldSucceed().Text.Split().First(word => word.StartsWith("sha256:", StringComparison.Ordinal));
        var record = Directory.CreateDirectory($"{host.Host.Files}/docker/containers/{id}").FullName;
        File.WriteAllText($"{record}/hostname", "store\n");
        File.WriteAllText($"{record}/config.v2.json", $$$"""
            {"ID":"{{{id}}}","Config":{"Image":"busybox"},"Image":"{{{manifest}}}","ImageManifest":{"digest":"{{{manifest}}}"},"Name":"/store","Driver":"overlayfs"}
            """);
        try
        {
            Moby("run", "--detach", "--cgroup", $"/docker/{id}", "--mount", $"type=bind,src={record}/hostname,dst=/etc/hostname,options=rbind:ro",
                image, id, "sleep", "600").ShouldSucceed();
            using var explained = JsonDocument.Parse(Command.Run(Repository.Binary("vitrine-glass"), "explain", "--json", id).ShouldSucceed().Text);
            var layers = explained.RootElement.GetProperty("root").GetProperty("layers").EnumerateArray().ToList();
            Assert.Equal(["docker store busybox"], HostContainers(id));
            Assert.Equal([null, layer], layers.Select(found => found.TryGetProperty("digest", out var digest) ? digest.GetString() : null));
        }
        finally
        {
            Moby("tasks", "delete", "--force", id);
            Moby("containers", "delete", id);
        }
    }

    private static IEnumerable<string> HostContainers(string id)
    {
        using var seen = JsonDocument.Parse(Command.Run(Repository.Binary("vitrine-glass"), "host", "ps", "--json", "--filter", $"id={id}").ShouldSucceed().Text);
        return [.. seen.RootElement.GetProperty("containers").EnumerateArray().Select(found =>
            string.Join(' ', found.GetProperty("engine"), found.GetProperty("name"), found.GetProperty("image")))];
    }

    [Fact]
    public void DefaultDiff_IsWhatWasAsked()
    {
        Ok("run", "--detach", host.Image, "plain-containerd", "sleep", "600");
        Ok("run", "--detach", "--memory-limit", "100663296", "--cap-add", "CAP_NET_ADMIN", "--seccomp", "--allow-new-privs", host.Image, "flagged-containerd", "sleep", "600");
        DefaultDiffCheck.Holds(host.Host, "containerd", ["plain-containerd"], "flagged-containerd",
            "memory", "effective CAP_NET_ADMIN", "permitted CAP_NET_ADMIN", "bounding CAP_NET_ADMIN", "mode", "no_new_privs");
    }

    [Fact]
    public void Services_RedisAndPostgres()
    {
        Ok("run", "--detach", "--runc-binary", PrivateHost.Runtime, host.Image, "cache", "setpriv", "--reuid", "redis", "--regid", "redis",
            "--init-groups", "redis-server", "--dir", "/tmp");
        Eventually.True(() => host.Ctr(["tasks", "exec", "--exec-id", "ping", "cache", "redis-cli", "ping"]).Text == "PONG", "redis answers", Patience);
        Ok("run", "--detach", "--runc-binary", PrivateHost.Runtime, host.Image, "db", "setpriv", "--reuid", "postgres", "--regid", "postgres",
            "--init-groups", "sh", "-c", "PATH=/usr/lib/postgresql/15/bin:$PATH; initdb -A trust /tmp/d >/dev/null && exec postgres -h '' -k /tmp -D /tmp/d");
        Eventually.True(() => host.Ctr(["tasks", "exec", "--exec-id", "ask", "db", "psql", "-h", "/tmp", "-U", "postgres", "-Atc", "select 42"]).Text == "42",
            "postgres answers", Patience);
    }

    [Fact]
    public void Command_MissingAndForeground()
    {
        Assert.Contains("executable file not found in $PATH",
            host.Ctr(["run", "--rm", "--runc-binary", PrivateHost.Runtime, host.Image, "bad", "no-such-command"]).Stderr, StringComparison.Ordinal);
        Assert.Equal("hello", Ok("run", "--rm", "--runc-binary", PrivateHost.Runtime, host.Image, "good", "echo", "hello"));
    }
}

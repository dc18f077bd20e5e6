using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Dropin;

/// <summary>dockerd, podman, containerd and Vitrine on one host, each with a container of the same name.</summary>
public sealed class SideBySideTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    private const string Limits = """
        [containers]
        default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
        [engine]
        cgroup_manager = "cgroupfs"
        events_logger = "file"
        """;

    [Fact]
    public void FourEngines_OneName_AreToldApart()
    {
        Need.Program("dockerd", "docker");
        Need.Program("podman", "podman");
        Need.Program("containerd", "containerd");
        using var host = new PrivateHost();
        Dictionary<string, Func<string[], CommandResult>> engines = new() { ["docker"] = Docker(host), ["podman"] = Podman(host), ["containerd"] = Containerd(host) };
        try
        {
            engines["docker"](["run", "-d", "--name", "same", "--network", "none", "busybox", "sleep", "600"]).ShouldSucceed();
            engines["podman"](["run", "-d", "--name", "same", "--network", "none", "busybox", "sleep", "600"]).ShouldSucceed();
            engines["containerd"](["run", "--detach", "docker.io/library/busybox:latest", "same", "sleep", "600"]).ShouldSucceed();
            box.Ok("run", "-d", "--name", "same", "--network", "none", "busybox", "sleep", "600");

            using var document = JsonDocument.Parse(Glass("host", "ps", "--json", "--filter", "name=same").ShouldSucceed().Text);
            var seen = document.RootElement.GetProperty("containers").EnumerateArray()
                .Select(one => (Engine: one.GetProperty("engine").GetString()!, Image: one.GetProperty("image").GetString()!, Pid: one.GetProperty("pid").GetInt32(), Supervisor: one.GetProperty("supervisor").GetProperty("program").GetString()))
                .OrderBy(one => one.Engine, StringComparer.Ordinal).ToList();
            Assert.Equal([("containerd", "containerd-shim"), ("docker", "containerd-shim"), ("podman", "conmon"), ("vitrine", "vitrine-shim")], seen.Select(one => (one.Engine, one.Supervisor)));
            Assert.All(seen, one => Assert.Contains("busybox", one.Image, StringComparison.Ordinal));

            Glass("explain", "same").ShouldFail(1, "several containers are meant by same");
            foreach (var one in seen)
                Assert.Equal($"{one.Pid}", Glass("explain", "--json", $"{one.Engine}:same").ShouldSucceed().Text is var text && JsonDocument.Parse(text) is { } explained
                    ? $"{explained.RootElement.GetProperty("target").GetProperty("firstPid")}" : "");
            using var audit = JsonDocument.Parse(Glass("audit", "--all", "--json").ShouldSucceed().Text);
            Assert.Superset(seen.Select(one => one.Pid).ToHashSet(), audit.RootElement.GetProperty("subjects").EnumerateArray()
                .Select(subject => subject.GetProperty("target")).Where(target => target.TryGetProperty("pid", out _)).Select(target => target.GetProperty("pid").GetInt32()).ToHashSet());
        }
        finally
        {
            box.Vitrine("rm", "-f", "same");
            engines["docker"](["rm", "--force", "same"]);
            engines["podman"](["rm", "--all", "--force", "--time", "0"]);
            engines["containerd"](["tasks", "delete", "--force", "same"]);
            engines["containerd"](["containers", "delete", "same"]);
        }
    }

    private CommandResult Glass(params string[] arguments) => Command.Run(Repository.Binary("vitrine-glass"), ["--data-root", box.DataRoot, "--exec-root", box.ExecRoot, .. arguments]);

    private static Func<string[], CommandResult> Docker(PrivateHost host)
    {
        var socket = $"unix://{host.Files}/docker.sock";
        host.Serve($"{host.Files}/docker.log", "dockerd", "--data-root", $"{host.Files}/docker", "--exec-root", $"{host.Files}/dockerexec", "--pidfile", $"{host.Files}/docker.pid",
            "--host", socket, "--bridge", "none", "--iptables=false", "--ip-forward=false", "--ip-masq=false", "--storage-driver", "overlay2");
        CommandResult Run(string[] arguments) => host.Run(["docker", "--host", socket, .. arguments], new Dictionary<string, string?> { ["DOCKER_CONFIG"] = host.Files });
        Eventually.True(() => Run(["version"]).ExitCode == 0, "dockerd answers", 60);
        Run(["load", "--quiet", "--input", TestImages.Archive("busybox")]).ShouldSucceed();
        return Run;
    }

    private static Func<string[], CommandResult> Podman(PrivateHost host)
    {
        File.WriteAllText($"{host.Files}/containers.conf", Limits);
        CommandResult Run(string[] arguments) => host.Run(["podman", "--root", $"{host.Files}/podman", "--runroot", $"{host.Files}/podmanrun", "--tmpdir", $"{host.Files}/podmantmp", .. arguments],
            new Dictionary<string, string?> { ["CONTAINERS_CONF"] = $"{host.Files}/containers.conf" });
        Run(["load", "--quiet", "--input", TestImages.Archive("busybox")]).ShouldSucceed();
        return Run;
    }

    private static Func<string[], CommandResult> Containerd(PrivateHost host)
    {
        var socket = $"{host.Files}/containerd.sock";
        File.WriteAllText($"{host.Files}/config.toml", $"""
            version = 2
            root = "{host.Files}/containerd"
            state = "{host.Files}/containerdrun"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
            address = "{socket}"
            """);
        host.Serve($"{host.Files}/containerd.log", "containerd", "--config", $"{host.Files}/config.toml");
        CommandResult Run(string[] arguments) => host.Run(["ctr", "--address", socket, .. arguments]);
        Eventually.True(() => Run(["version"]).ExitCode == 0, "containerd answers", 60);
        Run(["images", "import", TestImages.Archive("busybox")]).ShouldSucceed();
        return Run;
    }
}

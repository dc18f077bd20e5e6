using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Dropin;

/// <summary>dockerd, podman, containerd and Vitrine on one host, each with a container of the same name.</summary>
public sealed class SideBySideTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    [Fact]
    public void FourEngines_OneName_AreToldApart()
    {
        Need.Program("dockerd", "docker");
        Need.Program("podman", "podman");
        Need.Program("containerd", "containerd");
        using var host = new PrivateHost();
        var archive = TestImages.Archive("busybox");
        using var docker = new DockerEngine(host, archive, "--bridge", "none");
        using var podman = new PodmanEngine(host, archive);
        using var containerd = new ContainerdEngine(host, archive);
        try
        {
            docker.Run(["run", "-d", "--name", "same", "--network", "none", "busybox", "sleep", "600"]).ShouldSucceed();
            podman.Run(["run", "-d", "--name", "same", "--network", "none", "busybox", "sleep", "600"]).ShouldSucceed();
            containerd.Run(["run", "--detach", containerd.Image, "same", "sleep", "600"]).ShouldSucceed();
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
        }
    }

    private CommandResult Glass(params string[] arguments) => Command.Run(Repository.Binary("vitrine-glass"), ["--data-root", box.DataRoot, "--exec-root", box.ExecRoot, .. arguments]);
}

using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.CommandLine;

/// <summary>The program under docker's name, and docker's options that name a daemon.</summary>
public sealed class DockerNameTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    [Fact]
    public void Link_NamedDocker_IsDocker()
    {
        var docker = Path.Combine(box.Files, "docker");
        File.CreateSymbolicLink(docker, Repository.Binary("vitrine"));

        Assert.Equal("hello", Run(docker, "run", "--rm", "busybox", "echo", "hello").ShouldSucceed().Text);
        Assert.Equal("docker: No such container: nobody\n", Run(docker, "rm", "nobody").ShouldExit(1).Stderr);
        Assert.StartsWith("Usage:  docker cp", Run(docker, "cp", "--help").ShouldSucceed().Stdout, StringComparison.Ordinal);
        Assert.Contains("'docker swarm'", Run(docker, "swarm", "init").ShouldExit(1).Stderr, StringComparison.Ordinal);
        Run(docker, "-H", "unix:///var/run/docker.sock", "--context", "default", "ps").ShouldSucceed();
        foreach (var shell in (string[])["bash", "zsh", "fish"])
            Assert.DoesNotContain("vitrine", Run(docker, "completion", shell).ShouldSucceed().Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public void Daemons_Elsewhere_AreRefused()
    {
        box.Vitrine("--host", "tcp://10.0.0.1:2375", "ps").ShouldFail(125, "no daemon is connected to");
        box.Vitrine("--host", "unix:///var/run/docker.sock", "ps").ShouldFail(125, "no daemon is connected to");
        box.Vitrine("--context", "other", "ps").ShouldFail(125, "only \"default\" is known");
        box.Ok("--host", "unix:///run/vitrine/docker.sock", "ps");
    }

    [Fact]
    public void Platform_OfAnImage_IsThatOrNotFound()
    {
        box.Ok("history", "--platform", "linux/amd64", "busybox");
        box.Vitrine("image", "inspect", "--platform", "linux/s390x", "busybox").ShouldFail(1, "does not match the specified platform");
        box.Vitrine("save", "--platform", "linux/s390x", "--output", Path.Combine(box.Files, "none.tar"), "busybox").ShouldFail(1, "does not match the specified platform");
        Assert.Contains("└─ linux/amd64", box.Ok("images", "--tree"), StringComparison.Ordinal);
    }

    private CommandResult Run(string program, params IEnumerable<string> arguments) => Command.Run(program, arguments, null, box.Environment, null);
}

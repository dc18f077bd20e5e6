using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Running;

/// <summary>docker update: record, kernel and shim change together.</summary>
public sealed class UpdateTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    [Fact]
    public void Limits_OfARunningContainer_ChangeAtOnce()
    {
        Need.CgroupV1();
        box.Ok("run", "-d", "--name", "grown", "--memory", "64m", "busybox", "sleep", "1000");
        var id = box.Inspect("grown", "{{.Id}}");

        Assert.Equal("grown", box.Ok("update", "--memory", "96m", "--memory-swap", "192m", "--cpu-shares", "512", "--pids-limit", "77", "--cpuset-cpus", "0", "grown"));

        Assert.Equal($"{96 << 20} 512 77 0", box.Inspect("grown", "{{.HostConfig.Memory}} {{.HostConfig.CpuShares}} {{.HostConfig.PidsLimit}} {{.HostConfig.CpusetCpus}}"));
        Assert.Equal($"{96 << 20}", Limit(id, "memory.limit_in_bytes"));
        Assert.Equal("512", Limit(id, "cpu.shares"));
        Assert.Equal("77", Limit(id, "pids.max"));
        Assert.Equal("0", Limit(id, "cpuset.cpus"));
        box.Ok("restart", "-t", "0", "grown");
        Assert.Equal($"{96 << 20}", Limit(id, "memory.limit_in_bytes"));
        Assert.Equal("1", box.Ok("events", "--since", "1h", "--until", "0s", "--filter", "container=grown", "--filter", "event=update", "--format", "1"));
        box.Ok("rm", "-f", "grown");
    }

    [Fact]
    public void Limits_OfAStoppedContainer_CountAtItsNextStart()
    {
        Need.CgroupV1();
        box.Ok("create", "--name", "later", "busybox", "sleep", "1000");

        box.Ok("update", "--memory", "80m", "later");
        box.Ok("start", "later");

        Assert.Equal($"{80 << 20}", Limit(box.Inspect("later", "{{.Id}}"), "memory.limit_in_bytes"));
        Assert.Equal($"{160 << 20}", box.Inspect("later", "{{.HostConfig.MemorySwap}}"));
        box.Ok("rm", "-f", "later");
    }

    [Fact]
    public void RestartPolicy_ReachesTheRunningShim()
    {
        box.Ok("run", "-d", "--name", "again", "busybox", "sleep", "1000");
        box.Ok("update", "--restart", "always", "again");

        Command.Run("kill", ["-KILL", $"{box.Pid("again")}"], null, null, null).ShouldSucceed();

        Eventually.Equal("running 1", () => box.Inspect("again", "{{.State.Status}} {{.RestartCount}}"), 30);
        box.Ok("update", "--restart", "no", "again");
        Command.Run("kill", ["-KILL", $"{box.Pid("again")}"], null, null, null).ShouldSucceed();
        Eventually.Equal("exited 137", () => box.Inspect("again", "{{.State.Status}} {{.State.ExitCode}}"), 30);
        box.Ok("rm", "again");
    }

    [Fact]
    public void Rename_OfOneThatRemovesItself_FreesTheNewName()
    {
        box.Ok("run", "-d", "--rm", "--name", "before", "busybox", "sleep", "1000");
        box.Ok("rename", "before", "after");

        box.Ok("stop", "-t", "0", "after");

        box.Ok("run", "--rm", "--name", "after", "busybox", "true");
        Assert.Equal("after", box.Ok("events", "--since", "1h", "--until", "0s", "--filter", "container=after", "--filter", "event=stop",
            "--format", "{{.Actor.Attributes.name}}"));
    }

    [Fact]
    public void ImpossibleLimit_ChangesNothing()
    {
        box.Ok("run", "-d", "--name", "same", "--memory", "64m", "busybox", "sleep", "1000");

        box.Vitrine("update", "--memory", "512m", "same").ShouldFail(1, "Memory limit should be smaller than already set memoryswap limit");
        box.Vitrine("update", "--memory", "1m", "same").ShouldFail(1, "6MB");
        box.Vitrine("update", "--cpuset-cpus", "777", "same").ShouldFail(1, "777");
        box.Vitrine("update", "--restart", "sometimes", "same").ShouldFail(1, "sometimes");
        box.Vitrine("update", "same").ShouldFail(1, "one or more flags");
        box.Vitrine("update", "--cpus", "1", "nobody").ShouldFail(1, "No such container: nobody");

        Assert.Equal($"{64 << 20} no", box.Inspect("same", "{{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.Name}}"));
        box.Ok("rm", "-f", "same");
    }

    private static string Limit(string id, string file) => File.ReadAllText(Path.Combine(Cgroups.Of(id).First(path => File.Exists(Path.Combine(path, file))), file)).Trim();
}

using System.Text.Json.Nodes;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Conformance.Exec;

/// <summary>exec: further processes, by flags and by a process description.</summary>
public sealed class ExecTests : IDisposable
{
    private readonly Bundle _bundle = new();

    public ExecTests() => _bundle.StartSleeper();

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void Exec_SeesTheContainer_AndGivesItsExitCode()
    {
        Assert.Equal("conformance", _bundle.Ok("exec", _bundle.Id, "hostname"));
        Assert.Equal("1", _bundle.Ok("exec", _bundle.Id, "sh", "-c", "tr '\\0' '\\n' </proc/1/cmdline | grep -c trap"));
        _bundle.Runtime("exec", _bundle.Id, "sh", "-c", "exit 9").ShouldExit(9);
        Assert.Equal("piped", _bundle.RuntimeWithInput("piped", "exec", _bundle.Id, "cat").ShouldSucceed().Text);
    }

    [Fact]
    public void Exec_Flags_ChangeTheProcess()
    {
        Assert.Equal("5:6", _bundle.Ok("exec", "--user", "5:6", _bundle.Id, "sh", "-c", "echo $(id -u):$(id -g)"));
        Assert.Equal("/tmp b", _bundle.Ok("exec", "--cwd", "/tmp", "--env", "A=b", _bundle.Id, "sh", "-c", "echo $PWD $A"));
    }

    [Fact]
    public void Exec_ProcessFile_AndPipe()
    {
        var process = new JsonObject
        {
            ["args"] = new JsonArray("sh", "-c", "echo $A $(id -u)"),
            ["env"] = new JsonArray("PATH=/bin", "A=from-file"),
            ["cwd"] = "/",
            ["user"] = new JsonObject { ["uid"] = 7, ["gid"] = 7 },
        };
        File.WriteAllText($"{_bundle.Path}/process.json", process.ToJsonString());
        Assert.Equal("from-file 7", _bundle.Ok("exec", "--process", $"{_bundle.Path}/process.json", _bundle.Id));
        Assert.Equal("from-file 7", _bundle.RuntimeWithInput(process.ToJsonString(), "exec", "--process", "/dev/stdin", _bundle.Id).ShouldSucceed().Text);
    }

    [Fact]
    public void Exec_Detached_LeavesAPidFileAndAProcess()
    {
        var pidFile = $"{_bundle.Path}/exec.pid";
        Command.Run("sh", "-c", "exec \"$@\" >/dev/null 2>&1", "sh", Bundle.RuntimePath, "--root", $"{_bundle.Path}/state", "exec", "--detach", "--pid-file",
            pidFile, _bundle.Id, "sleep", "1000").ShouldSucceed();
        var pid = int.Parse(File.ReadAllText(pidFile));
        Assert.True(ProcessTable.Exists(pid));
        Assert.Equal(ProcessTable.Namespace(_bundle.Pid, "pid"), ProcessTable.Namespace(pid, "pid"));
        Assert.Contains($"{pid}", File.ReadAllText($"/sys/fs/cgroup/pids{_bundle.CgroupsPath}/cgroup.procs").Split('\n'));
    }

    [Fact]
    public void Exec_MissingCommandOrContainer_Fails()
    {
        Assert.Contains("executable file not found in $PATH", _bundle.Runtime("exec", _bundle.Id, "no-such").Stderr, StringComparison.Ordinal);
        Assert.NotEqual(0, _bundle.Runtime("exec", "no-such", "true").ExitCode);
        _bundle.Ok("kill", _bundle.Id, "KILL");
        _bundle.AwaitStatus("stopped");
        Assert.NotEqual(0, _bundle.Runtime("exec", _bundle.Id, "true").ExitCode);
    }

    [Fact]
    public void Exec_InAPausedContainer_IsRefused()
    {
        _bundle.Ok("pause", _bundle.Id);
        Assert.Contains("paused", _bundle.Runtime("exec", _bundle.Id, "true").Stderr, StringComparison.Ordinal);
        _bundle.Ok("resume", _bundle.Id);
        _bundle.Ok("exec", _bundle.Id, "true");
    }

    /// <summary>One path for all controllers, or one for some: the others stay where the container is.</summary>
    [Fact]
    public void Exec_IntoACgroupBelow_IsThereAndNowhereElse()
    {
        Need.CgroupV1();
        Make("below", "other");
        try
        {
            Assert.Equal(["/below", "/below"], Places("--cgroup", "/below"));
            Assert.Equal(["/below", "/other"], Places("--cgroup", "pids,cpu:below", "--cgroup", "memory:/other"));
            Assert.Equal(["", "/other"], Places("--cgroup", "memory:other"));
            Assert.Contains("nonsense", Refused("--cgroup", "nonsense:below"), StringComparison.Ordinal);
            Assert.Contains("missing <controller>: prefix", Refused("--cgroup", "below", "--cgroup", "pids:below"), StringComparison.Ordinal);
        }
        finally
        {
            Remove("below", "other");
        }
    }

    /// <summary>Where an exec is, below the container's cgroup, in the hierarchies of pids and memory: as the host sees it.</summary>
    private string[] Places(params string[] flags)
    {
        var pidFile = $"{_bundle.Path}/place.pid";
        Command.Run("sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", Bundle.RuntimePath, "--root", $"{_bundle.Path}/state", "exec", .. flags, "--detach", "--pid-file",
            pidFile, _bundle.Id, "sleep", "1000"]).ShouldSucceed();
        var pid = File.ReadAllText(pidFile);
        var lines = File.ReadAllLines($"/proc/{pid}/cgroup");
        Command.Run("kill", "-9", pid).ShouldSucceed();
        Eventually.True(() => !Directory.Exists($"/proc/{pid}"), "the exec has ended", 20);
        return [.. ((string[])["pids", "memory"]).Select(controller => lines.Single(line => line.Split(':')[1].Split(',').Contains(controller)).Split(':')[2].Replace(_bundle.CgroupsPath, ""))];
    }

    private string Refused(params string[] flags) => _bundle.Runtime(["exec", .. flags, _bundle.Id, "true"]).ShouldExit(255).Stderr;

    private void Make(params string[] names) => EachBelow(names, path =>
    {
        Directory.CreateDirectory(path);
        // A new cpuset of v1 has no processors unless the one above it says so, and takes nobody in then.
        foreach (var file in (string[])["cpuset.cpus", "cpuset.mems"])
            if (File.Exists($"{path}/{file}"))
                File.WriteAllText($"{path}/{file}", File.ReadAllText($"{path}/../{file}"));
    });

    private void Remove(params string[] names) => EachBelow(names, path =>
    {
        if (!Directory.Exists(path))
            return;
        foreach (var pid in File.ReadAllLines($"{path}/cgroup.procs"))
            Command.Run("kill", "-9", pid);
        Eventually.True(() => File.ReadAllText($"{path}/cgroup.procs").Length == 0, $"{path} is empty", 20);
        Directory.Delete(path);
    });

    private void EachBelow(string[] names, Action<string> act)
    {
        // crun makes plain directories where no v2 hierarchy is mounted.
        foreach (var own in _bundle.LeftCgroups.Where(own => File.Exists($"{own}/tasks") || File.Exists($"{own}/cgroup.controllers")))
            foreach (var name in names)
                act($"{own}/{name}");
    }
}

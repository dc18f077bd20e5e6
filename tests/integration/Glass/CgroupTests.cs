using System.Diagnostics;
using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary>The cgroup verbs on the real kernel, in cgroups of the test's own, and against cgroup-tools.</summary>
public sealed class CgroupTests : IClassFixture<BusyboxSandbox>, IDisposable
{
    private readonly BusyboxSandbox box;
    private readonly string name = $"vitrine-test-{Guid.NewGuid():n}";
    private readonly List<Process> started = [];

    public CgroupTests(BusyboxSandbox box)
    {
        this.box = box;
        Need.CgroupV1();
        Glass("create", Path).ShouldSucceed();
    }

    private string Path => $"/{name}";

    public void Dispose()
    {
        foreach (var process in started)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        Glass("set", Path, "freezer.state=THAWED");
        Glass("rm", "-r", "--force", Path).ShouldSucceed();
        Assert.DoesNotContain(Directory.GetDirectories("/sys/fs/cgroup"), hierarchy => Directory.Exists($"{hierarchy}/{name}"));
    }

    [Fact]
    public void Get_EveryFile_IsAsCgetSays()
    {
        Need.Program("cgget", "cgroup-tools");
        string[] files = [.. new[] { "memory", "cpu", "cpuacct", "cpuset", "pids", "blkio", "freezer" }
            .Where(controller => Directory.Exists($"/sys/fs/cgroup/{controller}/{name}"))
            .SelectMany(controller => Directory.GetFiles($"/sys/fs/cgroup/{controller}/{name}", $"{controller}.*"))
            // Who reads memory.pressure_level is told that one does not.
            .Where(file => File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserRead) && !file.EndsWith("/memory.pressure_level", StringComparison.Ordinal)).Select(file => System.IO.Path.GetFileName(file)).Order()];
        Assert.True(files.Length > 30, $"only {files.Length} files");

        var theirs = Command.Run("cgget", ["-n", .. files.SelectMany(file => new[] { "-r", file }), name]).ShouldSucceed();

        // cgget ends with an empty line, and prints some empty values without the blank.
        Assert.Equal(Squeeze(theirs.Stdout), Squeeze(Glass(["get", Path, .. files]).ShouldSucceed().Stdout));
    }

    [Theory]
    [InlineData("memory.limit_in_bytes", "64M")]
    [InlineData("memory.soft_limit_in_bytes", "33554432")]
    [InlineData("cpu.shares", "512")]
    [InlineData("cpu.cfs_quota_us", "50000")]
    [InlineData("pids.max", "42")]
    [InlineData("cpuset.cpus", "0")]
    [InlineData("blkio.bfq.weight", "321")]
    public void Set_DoesWhatCgsetDoes(string file, string value)
    {
        Need.Program("cgset", "cgroup-tools");
        if (!Directory.GetDirectories("/sys/fs/cgroup").Any(hierarchy => File.Exists($"{hierarchy}/{name}/{file}")))
            Assert.Skip($"this kernel has no {file}");
        Glass("create", $"{Path}/theirs").ShouldSucceed();

        Command.Run("cgset", "-r", $"{file}={value}", $"{name}/theirs").ShouldSucceed();
        Glass("set", Path, $"{file}={value}").ShouldSucceed();

        Assert.Equal(Value($"{Path}/theirs", file), Value(Path, file));
        Assert.Equal(Value(Path, file), Command.Run("cgget", "-n", "-v", "-r", file, name).ShouldSucceed().Text);
    }

    [Fact]
    public void Set_NamesOfV2_AreWrittenToV1AndReadBack()
    {
        Glass("set", Path, "memory.max=100M", "memory.swap.max=50M", "cpu.max=50%", "cpu.weight=100", "pids.max=33").ShouldSucceed();

        Assert.Equal("104857600", Value(Path, "memory.limit_in_bytes"));
        Assert.Equal("157286400", Value(Path, "memory.memsw.limit_in_bytes"));
        Assert.Equal("50000", Value(Path, "cpu.cfs_quota_us"));
        Assert.Equal("50000 100000", Value(Path, "cpu.max"));
        Assert.Equal("100", Value(Path, "cpu.weight"));
        // Both grow together: neither order of writing would do for both directions.
        Glass("set", Path, "memory.limit_in_bytes=300M", "memory.memsw.limit_in_bytes=400M").ShouldSucceed();
        Glass("set", Path, "memory.limit_in_bytes=20M", "memory.memsw.limit_in_bytes=30M").ShouldSucceed();
        Assert.Equal("10485760", Value(Path, "memory.swap.max"));
    }

    [Fact]
    public void Set_WhatTheKernelRounds_IsTold()
    {
        var json = JsonDocument.Parse(Glass("set", "--json", Path, "memory.max=10000001").ShouldSucceed().Stdout).RootElement.GetProperty("changes")[0];

        Assert.Equal(("9998336", true), (json.GetProperty("after").GetString(), json.GetProperty("differs").GetBoolean()));
        Assert.Contains("kernel made 9998336 of it", Glass("set", Path, "memory.max=10000001").Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public void Set_Refused_SaysWhyAndChangesNothingPlannedLater()
    {
        Glass("set", Path, "pids.max=7", "memory.max=lots").ShouldFail(1, "lots");
        Assert.Equal("max", Value(Path, "pids.max"));
        Glass("set", Path, "memory.memsw.limit_in_bytes=1M").ShouldFail(1, "memory and swap together");
        Glass("set", Path, "memory.pressure=1").ShouldFail(1, "kernel counts");
        Glass("set", Path, "cpuset.cpus=999").ShouldFail(1, "cpuset.cpus");
        Glass("set", "/", "memory.max=1G").ShouldFail(1, "root cgroup");
        Glass("get", $"{Path}/nowhere").ShouldFail(1, "nowhere");
    }

    [Fact]
    public void Set_DryRun_WritesNothing()
    {
        Assert.Contains($"would write 4194304 to /sys/fs/cgroup/memory/{name}/memory.limit_in_bytes", Glass("set", "-n", Path, "memory.max=4M").ShouldSucceed().Stdout, StringComparison.Ordinal);
        Assert.Equal("max", Value(Path, "memory.max"));
    }

    [Fact]
    public void Set_Container_IsInItsRecordAndInStats()
    {
        box.Ok("run", "-d", "--name", name, "--memory", "64m", "--cpus", "0.5", "busybox", "sleep", "600");

        box.Ok("cgroup", "set", name, "memory.max=100M", "cpu.max=75%", "pids.max=50", "memory.high=80M");

        Assert.Equal("104857600 750000000 50", box.Inspect(name, "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}}"));
        Assert.Contains("100MiB", box.Ok("stats", "--no-stream", name), StringComparison.Ordinal);
        Assert.Equal(["104857600", "75000 100000", "50", "83886080"], box.Ok("cgroup", "get", "-v", name, "memory.max", "cpu.max", "pids.max", "memory.high").Split('\n'));

        box.Ok("cgroup", "set", name, "cgroup.freeze=1");
        Assert.Equal("paused", box.Inspect(name, "{{.State.Status}}"));
        box.Vitrine("cgroup", "exec", name, "true").ShouldFail(125, "frozen");
        box.Ok("cgroup", "set", box.Pid(name).ToString(), "freezer.state=THAWED");
        Assert.Equal("running", box.Inspect(name, "{{.State.Status}}"));

        Assert.Contains("memory.limit_in_bytes is no part of the container's record", box.Vitrine("cgroup", "set", name, "memory.max=max").ShouldSucceed().Stderr, StringComparison.Ordinal);
        Assert.Equal("104857600", box.Inspect(name, "{{.HostConfig.Memory}}"));
        box.Vitrine("cgroup", "rm", "--force", $"/vitrine/{box.Inspect(name, "{{.Id}}")}").ShouldFail(1, "stop the container");
        using var tree = JsonDocument.Parse(box.Ok("cgroup", "ls", "--json", name));
        Assert.Equal(name, tree.RootElement[0].GetProperty("containerName").GetString());
    }

    [Fact]
    public void Create_ByControllers_IsInTheirHierarchiesOnly()
    {
        Glass("create", "-g", $"memory,pids:{Path}/some").ShouldSucceed();

        Assert.Equal(["memory", "pids"], Directory.GetDirectories("/sys/fs/cgroup").Where(hierarchy => Directory.Exists($"{hierarchy}/{name}/some")).Select(hierarchy => System.IO.Path.GetFileName(hierarchy)).Order());
        Glass("create", "-g", $"fly:{Path}/some").ShouldFail(1, "no controller fly");
        Glass("rm", Path).ShouldFail(1, "below it");
    }

    [Fact]
    public void Create_WhereSomethingIsMountedOverAHierarchy_MakesNothing()
    {
        var result = Command.Run("unshare", "--mount", "--propagation", "private", "sh", "-c",
            $"mount -t tmpfs none /sys/fs/cgroup/pids; {Repository.Binary("vitrine-glass")} cgroup create {name}-hidden; code=$?; ls -A /sys/fs/cgroup/pids; exit $code");

        result.ShouldFail(1, "the cgroups at /sys/fs/cgroup/pids are hidden");
        Assert.Equal("", result.Stdout);
        Assert.DoesNotContain(Directory.GetDirectories("/sys/fs/cgroup"), hierarchy => Directory.Exists($"{hierarchy}/{name}-hidden"));
    }

    [Fact]
    public void Exec_BecomesTheCommandInTheCgroup()
    {
        var run = Glass("exec", Path, "sh", "-c", "cat /proc/self/cgroup; grep SigIgn /proc/self/status; exit 7");

        run.ShouldExit(7);
        Assert.Contains($":memory:{Path}", run.Stdout, StringComparison.Ordinal);
        Assert.Contains($":pids:{Path}", run.Stdout, StringComparison.Ordinal);
        // The runtime of this program ignores SIGPIPE, which the command must not inherit; what its caller ignores (nohup) it does.
        var ignored = run.Lines.Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        Assert.Equal(0ul, Convert.ToUInt64(ignored[(ignored.IndexOf('\t') + 1)..], 16) & (1ul << (13 - 1)));
        Assert.Contains(":cpu:/\n", Glass("exec", "-g", $"memory:{Path}", "cat", "/proc/self/cgroup").ShouldSucceed().Stdout, StringComparison.Ordinal);
        Glass("exec", Path, "no-such-program").ShouldExit(127);
        Glass("exec", Path, "/etc/passwd").ShouldExit(126);
    }

    [Fact]
    public void Exec_UnderALimitOfProcesses_IsHeldToIt()
    {
        Glass("set", Path, "pids.max=1").ShouldSucceed();

        // Many times over: joining and becoming the command may not depend on what this program's other threads do.
        for (var i = 0; i < 10; i++)
            Glass("exec", Path, "sh", "-c", "echo alone; (true) 2>&1 && exit 3; true").ShouldFail(2, "fork");
    }

    [Fact]
    public void Classify_MovesAndRm_KeepsWhatHasProcesses()
    {
        var sleep = Sleep();

        Glass("classify", Path, sleep.ToString()).ShouldSucceed();

        Assert.Equal([sleep.ToString()], File.ReadAllLines($"/sys/fs/cgroup/memory/{name}/cgroup.procs"));
        Assert.Contains($"{sleep} sleep", Glass("ls", "-p", Path).ShouldSucceed().Stdout, StringComparison.Ordinal);
        Glass("rm", Path).ShouldFail(1, $"1 process in it ({sleep} sleep)");
        Glass("rm", "--force", Path).ShouldSucceed();
        Assert.Contains(":memory:/\n", File.ReadAllText($"/proc/{sleep}/cgroup"), StringComparison.Ordinal);
        Glass("create", Path).ShouldSucceed();
        Glass("classify", Path, "999999999").ShouldFail(1, "no such process");
        Glass("classify", Path, "x").ShouldFail(1, "no pid");
    }

    [Fact]
    public void Top_Once_ShowsWhatIsBusy()
    {
        started.Add(Command.Start(Repository.Binary("vitrine-glass"), ["cgroup", "exec", Path, "sh", "-c", "while :; do :; done"]));

        Eventually.True(() =>
        {
            using var json = JsonDocument.Parse(Glass("top", "--once", "--json", "-i", "300ms", Path).ShouldSucceed().Stdout);
            var top = json.RootElement[0];
            return top.GetProperty("path").GetString() == Path && top.GetProperty("cpus").GetDouble() > 0 && top.GetProperty("pids").GetInt32() == 1;
        }, "the loop is seen at work", 60);
        Assert.Contains("/vitrine-test-", Glass("top", "--once", "-i", "100ms", "--depth", "0", Path).ShouldSucceed().Stdout, StringComparison.Ordinal);
    }

    private static CommandResult Glass(params IEnumerable<string> arguments) => Command.Run(Repository.Binary("vitrine-glass"), ["cgroup", .. arguments]);

    private static string Value(string cgroup, string file) => Glass("get", "-v", cgroup, file).ShouldSucceed().Text;

    private static string Squeeze(string text) => string.Join('\n', text.Split('\n').Select(line => line.TrimEnd(' '))).TrimEnd('\n');

    private int Sleep()
    {
        var process = Command.Start("sleep", ["600"]);
        started.Add(process);
        return process.Id;
    }
}

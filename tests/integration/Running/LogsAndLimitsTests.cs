using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Running;

/// <summary>vitrine logs, and the limits that the kernel keeps.</summary>
public sealed class LogsAndLimitsTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    [Fact]
    public void Logs_TailSinceAndTimestamps_Select()
    {
        box.Ok("run", "--name", "lines", "busybox", "sh", "-c", "echo one; echo two; sleep 1.1; echo three >&2");

        Assert.Equal("one\ntwo", box.Ok("logs", "lines"));
        Assert.Equal("three", box.Vitrine("logs", "--tail", "1", "lines").ShouldSucceed().Stderr.TrimEnd());
        Assert.Equal("two", box.Ok("logs", "--tail", "2", "lines"));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z one", box.Ok("logs", "-t", "lines"));
        var between = DateTimeOffset.Parse(box.Ok("logs", "-t", "lines").Split(' ')[0]).AddSeconds(0.8).ToString("O");
        Assert.Equal("", box.Ok("logs", "--since", between, "lines"));
        Assert.Equal("one\ntwo", box.Ok("logs", "--until", between, "lines"));
    }

    [Fact]
    public void Logs_Follow_EndsWithTheContainer()
    {
        box.Ok("run", "-d", "--name", "followed", "busybox", "sh", "-c", "for i in 1 2 3; do echo $i; sleep 0.2; done");

        Assert.Equal("1\n2\n3", box.Ok("logs", "-f", "followed"));
    }

    [Fact]
    public void Logs_FileIsDockersJson()
    {
        var id = box.Ok("run", "-d", "busybox", "sh", "-c", "printf 'a\\tb\\n'; printf unfinished");
        box.Ok("wait", id);

        var lines = File.ReadAllLines(Path.Combine(box.DataRoot, "containers", id, "log.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.Equal(["a\tb\n", "unfinished"], lines.Select(line => line.GetProperty("log").GetString()));
        Assert.All(lines, line => Assert.Equal("stdout", line.GetProperty("stream").GetString()));
        Assert.All(lines, line => Assert.InRange(line.GetProperty("time").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow));
    }

    [Fact]
    public void Logs_RotateAndStayBounded()
    {
        var id = box.Ok("run", "-d", "--log-opt", "max-size=64k", "--log-opt", "max-file=3", "busybox", "seq", "1", "40000");
        box.Ok("wait", id);

        var files = Directory.GetFiles(Path.Combine(box.DataRoot, "containers", id), "log.jsonl*");
        Assert.InRange(files.Length, 2, 3);
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 64 * 1024 + 32 * 1024));
        var lines = box.Ok("logs", id).Split('\n').Select(int.Parse).ToList();
        Assert.Equal(40000, lines[^1]);
        Assert.Equal(Enumerable.Range(lines[0], lines.Count), lines);
    }

    [Fact]
    public void LogDriverNone_KeepsNothing()
    {
        Assert.Equal("seen", box.Ok("run", "--name", "mute", "--log-driver", "none", "busybox", "echo", "seen"));

        box.Vitrine("logs", "mute").ShouldFail(1, "does not support reading");
    }

    [Fact]
    public void Memory_OverTheLimit_IsAnOomKill()
    {
        Need.CgroupV1();
        var id = box.Ok("run", "-d", "--memory", "20m", "busybox", "sh", "-c", "dd if=/dev/zero of=/dev/null bs=64M count=1");

        Assert.Equal("20971520", Cgroups.Read(id, "memory", "memory.limit_in_bytes"));
        Eventually.Equal("exited", () => box.Inspect(id, "{{.State.Status}}"));
        Assert.Equal("true", box.Inspect(id, "{{.State.OOMKilled}}"));
    }

    [Fact]
    public void CpuFlags_ReachTheCgroup()
    {
        Need.CgroupV1();
        var id = box.Ok("run", "-d", "--cpus", "0.5", "--cpu-shares", "512", "--cpuset-cpus", "0", "busybox", "sleep", "60");

        Assert.Equal("50000", Cgroups.Read(id, "cpu", "cpu.cfs_quota_us"));
        Assert.Equal("512", Cgroups.Read(id, "cpu", "cpu.shares"));
        Assert.Equal("0", Cgroups.Read(id, "cpuset", "cpuset.cpus"));
    }

    [Fact]
    public void PidsLimitOfOne_StillStartsTheProcess()
    {
        Assert.Equal("alone", box.Ok("run", "--rm", "--pids-limit", "1", "busybox", "echo", "alone"));
        Assert.NotEqual(0, box.Vitrine("run", "--rm", "--pids-limit", "1", "busybox", "sh", "-c", "echo $(echo fork)").ExitCode);
    }

    [Fact]
    public void Ulimit_IsApplied() =>
        Assert.Equal("64", box.Ok("run", "--rm", "--ulimit", "nofile=64:64", "busybox", "sh", "-c", "ulimit -n"));

    [Fact]
    public void Devices_AreDeniedByTheCgroup()
    {
        Need.CgroupV1();

        // The node can be made with CAP_MKNOD, but the cgroup refuses to open it.
        box.Vitrine("run", "--rm", "--cap-add", "MKNOD", "busybox", "sh", "-c", "mknod /k c 1 11 && cat /k").ShouldFail(1, "Operation not permitted");
    }
}

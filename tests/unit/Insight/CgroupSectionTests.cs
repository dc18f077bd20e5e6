using Vitrine.Insight;
using Vitrine.Insight.Cgroups;
using Xunit;

namespace Vitrine.Tests.Unit.Insight;

public sealed class CgroupSectionTests
{
    private const string V1Mounts = FakeHost.HostMounts + """
        40 23 0:40 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
        41 23 0:41 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
        42 23 0:42 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
        43 23 0:43 / /sys/fs/cgroup/devices rw - cgroup cgroup rw,devices
        44 23 0:44 / /sys/fs/cgroup/blkio rw - cgroup cgroup rw,blkio
        45 23 0:45 / /sys/fs/cgroup/freezer rw - cgroup cgroup rw,freezer
        46 23 0:46 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd

        """;

    private const string Group = "/docker/x";

    [Fact]
    public void V2_Files_AreReadIntoLimitsAndUse()
    {
        using var host = SampleContainer.Host();

        var cgroups = host.Explain(SampleContainer.Pid).Cgroups;

        Assert.Equal("v2", cgroups.Version);
        Assert.Equal(
            new MemoryFacts
            {
                LimitBytes = 536870912, EffectiveLimitBytes = 402653184, MemoryAndSwapLimitBytes = 536870912, UsageBytes = 104857600,
                WorkingSetBytes = 100663296, PeakBytes = 157286400, LimitHits = 3, OomKills = 1,
            },
            cgroups.Memory);
        Assert.Equal((1.5, 100L, 1024L), (cgroups.Cpu!.Cpus!.Value, cgroups.Cpu.Weight!.Value, cgroups.Cpu.Shares!.Value));
        Assert.Equal(new PidsFacts { Limit = 2048, Current = 3, Refused = 0 }, cgroups.Pids);
        Assert.Equal(new CpusetFacts { Cpus = "0-1", MemoryNodes = "0" }, cgroups.Cpuset);
        Assert.Equal(["254:0 read 1048576 B/s", "254:0 100 writes/s"], cgroups.BlockIo!.Throttles);
        Assert.Equal((4096L, 8192L, false), (cgroups.BlockIo.ReadBytes!.Value, cgroups.BlockIo.WrittenBytes!.Value, cgroups.Frozen!.Value));
        Assert.Contains(cgroups.Warnings, warning => warning.Id == "cgroups.cpu-throttled");
    }

    [Fact]
    public void V1_Files_AreReadIntoTheSameRecords()
    {
        using var host = V1Host();

        var explanation = host.Explain(30);

        var cgroups = explanation.Cgroups;
        Assert.Equal("v1", cgroups.Version);
        Assert.Equal(
            new MemoryFacts
            {
                LimitBytes = 67108864, EffectiveLimitBytes = 67108864, MemoryAndSwapLimitBytes = null, UsageBytes = 2000000,
                WorkingSetBytes = 1500000, PeakBytes = 3000000, LimitHits = 4, OomKills = 2, OomKillDisabled = false,
            },
            cgroups.Memory);
        Assert.Equal((0.5, 512L, 59L), (cgroups.Cpu!.Cpus!.Value, cgroups.Cpu.Shares!.Value, cgroups.Cpu.Weight!.Value));
        Assert.Equal((1000L, 2500L), (cgroups.Cpu.UsageMicroseconds!.Value, cgroups.Cpu.ThrottledMicroseconds!.Value));
        Assert.Equal(new PidsFacts { Limit = null, Current = 5, Refused = 7 }, cgroups.Pids);
        Assert.Equal(["8:0 read 1048576 B/s"], cgroups.BlockIo!.Throttles);
        Assert.Equal((4096L, 8192L, true), (cgroups.BlockIo.ReadBytes!.Value, cgroups.BlockIo.WrittenBytes!.Value, cgroups.Frozen!.Value));
        Assert.Contains(cgroups.Warnings, warning => warning.Id == "cgroups.pids-unlimited");
        Assert.DoesNotContain(cgroups.Warnings, warning => warning.Id == "cgroups.memory-unlimited");
        Assert.Equal(["/dev/null", "/dev/pts/*"], explanation.Devices.Rules.Select(rule => rule.Name));
    }

    [Fact]
    public void Hybrid_ControllersInV1_AreReadThere()
    {
        using var host = V1Host(V1Mounts + "47 23 0:47 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
        host.File("/sys/fs/cgroup/unified/cgroup.controllers", "hugetlb misc\n");

        var cgroups = host.Explain(30).Cgroups;

        Assert.Equal("hybrid", cgroups.Version);
        Assert.Equal(67108864, cgroups.Memory!.LimitBytes);
    }

    [Fact]
    public void PathOutsideTheReadersCgroupNamespace_HasNoFiles()
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess { Pid = 30, Namespaces = new() { ["pid"] = 5 }, Cgroup = "0::/../../other\n" });

        var cgroups = host.Explain(30).Cgroups;

        Assert.Null(Assert.Single(cgroups.Places).Directory);
        Assert.Null(cgroups.Memory);
    }

    /// <summary>Something is mounted over the hierarchies: that nothing was read is no sign of no limit.</summary>
    [Theory]
    [InlineData(V1Mounts, "2:pids:/docker/x\n1:memory:/docker/x\n", "/sys/fs/cgroup/memory/docker/x")]
    [InlineData(FakeHost.UnifiedMounts, "0::/docker/x\n", "/sys/fs/cgroup/docker/x")]
    public void HiddenHierarchies_AreSaidToBeMissing(string mounts, string groups, string memory)
    {
        using var host = new FakeHost(mounts);
        host.File("/sys/fs/cgroup/cgroup.controllers", "memory pids\n").Add(new FakeProcess { Pid = 30, Namespaces = new() { ["pid"] = 5 }, Cgroup = groups });

        var cgroups = host.Explain(30).Cgroups;

        Assert.Null(cgroups.Memory);
        Assert.Null(cgroups.Pids);
        Assert.Contains(cgroups.Facts, fact => fact.Source == memory && fact.Error!.StartsWith("ENOENT", StringComparison.Ordinal));
        Assert.DoesNotContain(cgroups.Warnings, warning => warning.Id is "cgroups.memory-unlimited" or "cgroups.pids-unlimited");
    }

    [Theory]
    [InlineData("max", null)]
    [InlineData("-1", null)]
    [InlineData("9223372036854771712", null)]
    [InlineData("18446744073709551615", null)]
    [InlineData("", null)]
    [InlineData("0", 0L)]
    [InlineData("4096", 4096L)]
    public void Limit_EveryWayToSayNone_IsNull(string text, long? limit) => Assert.Equal(limit, CgroupView.ParseLimit(text));

    private static FakeHost V1Host(string mounts = V1Mounts)
    {
        var host = new FakeHost(mounts);
        host.Add(new FakeProcess { Pid = 20, Command = "conmon" });
        host.Add(new FakeProcess
        {
            Pid = 30,
            Parent = 20,
            Namespaces = new() { ["pid"] = 5 },
            Cgroup = $"7:name=systemd:/\n6:freezer:{Group}\n5:blkio:{Group}\n4:devices:{Group}\n3:pids:{Group}\n2:cpu,cpuacct:{Group}\n1:memory:{Group}\n0::/\n",
        });
        foreach (var (path, content) in new (string, string)[]
        {
            ("memory{0}/memory.limit_in_bytes", "67108864"), ("memory{0}/memory.memsw.limit_in_bytes", "9223372036854771712"),
            ("memory{0}/memory.soft_limit_in_bytes", "9223372036854771712"), ("memory{0}/memory.usage_in_bytes", "2000000"),
            ("memory{0}/memory.max_usage_in_bytes", "3000000"), ("memory{0}/memory.failcnt", "4"),
            ("memory{0}/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2"),
            ("memory{0}/memory.stat", "cache 1\nhierarchical_memory_limit 67108864\ntotal_inactive_file 500000"),
            ("cpu,cpuacct{0}/cpu.cfs_quota_us", "50000"), ("cpu,cpuacct{0}/cpu.cfs_period_us", "100000"), ("cpu,cpuacct{0}/cpu.shares", "512"),
            ("cpu,cpuacct{0}/cpuacct.usage", "1000000"), ("cpu,cpuacct{0}/cpu.stat", "nr_periods 10\nnr_throttled 1\nthrottled_time 2500000"),
            ("pids{0}/pids.max", "max"), ("pids{0}/pids.current", "5"), ("pids{0}/pids.events", "max 7"),
            ("blkio{0}/blkio.throttle.read_bps_device", "8:0 1048576"), ("freezer{0}/freezer.state", "FROZEN"),
            ("blkio{0}/blkio.throttle.io_service_bytes", "8:0 Read 4096\n8:0 Write 8192\n8:0 Total 12288\nTotal 12288"),
            ("devices{0}/devices.list", "c 1:3 rwm\nc 136:* rwm"),
        })
            host.File($"/sys/fs/cgroup/{string.Format(System.Globalization.CultureInfo.InvariantCulture, path, Group)}", content + "\n");
        return host;
    }
}

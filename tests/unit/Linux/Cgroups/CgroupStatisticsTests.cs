using System.Text;
using System.Text.Json;
using Vitrine.Linux;
using Vitrine.Runtime;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Cgroups;

/// <summary>On plain directories in place of cgroupfs.</summary>
public sealed class CgroupStatisticsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-statistics-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Read_V1_AreAllControllersNumbers()
    {
        var statistics = CgroupStatistics.Read(V1());

        Assert.Equal((3000UL, 10_000_000UL, 20_000_000UL), (statistics.Cpu.Total, statistics.Cpu.User, statistics.Cpu.Kernel));
        Assert.Equal([1000UL, 2000], statistics.Cpu.PerCpu);
        Assert.Equal([600UL, 1200], statistics.Cpu.PerCpuUser);
        Assert.Equal([400UL, 800], statistics.Cpu.PerCpuKernel);
        Assert.Equal((5UL, 2UL, 700UL), (statistics.Cpu.Periods, statistics.Cpu.ThrottledPeriods, statistics.Cpu.ThrottledTime));
        Assert.Equal([0, 1, 3], statistics.Cpuset.Cpus.Select(cpu => (int)cpu));
        Assert.Equal(-1, statistics.Cpuset.Flags["sched_relax_domain_level"]);
        Assert.Equal(new UsageCounter(100, 200, 3, 400), statistics.Memory.Usage);
        Assert.Equal(new UsageCounter(110, 210, 4, 410), statistics.Memory.MemoryAndSwap);
        Assert.Equal((60UL, 70UL, 6UL), (statistics.Memory.Cache, statistics.Memory.WorkingSet, statistics.Memory.OomKills));
        Assert.Equal(new PidsStatistics(7, 0, 9), statistics.Pids);
        Assert.Equal([new BlockIoEntry(8, 0, "Read", 11), new BlockIoEntry(8, 0, "Write", 12)], statistics.BlockIo.Bytes.Take(2));
        Assert.Equal(new UsageCounter(1, 2, 3, 4), statistics.Hugetlb["2MB"]);
        Assert.Null(statistics.Cpu.Pressure);
    }

    [Fact]
    public void Read_V2_AreOnTheSameScales()
    {
        var statistics = CgroupStatistics.Read(V2());

        Assert.Equal((3000UL, 2000UL, 1000UL), (statistics.Cpu.Total, statistics.Cpu.User, statistics.Cpu.Kernel));
        Assert.Equal((5UL, 2UL, 7000UL), (statistics.Cpu.Periods, statistics.Cpu.ThrottledPeriods, statistics.Cpu.ThrottledTime));
        Assert.Equal(new UsageCounter(100, 200, 3, 400), statistics.Memory.Usage);
        Assert.Equal(new UsageCounter(150, 0, 0, 1400), statistics.Memory.MemoryAndSwap);
        Assert.Equal((60UL, 70UL, 6UL), (statistics.Memory.Cache, statistics.Memory.WorkingSet, statistics.Memory.OomKills));
        Assert.Equal(new PidsStatistics(7, 8, 9), statistics.Pids);
        Assert.Equal([new BlockIoEntry(8, 0, "Read", 1), new BlockIoEntry(8, 0, "Write", 2), new BlockIoEntry(8, 0, "Discard", 5)], statistics.BlockIo.Bytes);
        Assert.Equal(3UL, statistics.BlockIo.Operations[0].Value);
        Assert.Equal(new Pressure(new(1.5, 0.25, 0, 99), new(0.5, 0, 0, 42)), statistics.Memory.Pressure);
        Assert.Equal(new UsageCounter(1, 0, 3, ulong.MaxValue), statistics.Hugetlb["2MB"]);
        Assert.Equal([new RdmaStatistics("mlx4_0", 2, 2000, 3, ulong.MaxValue)], statistics.Rdma);
    }

    [Fact]
    public void Read_NoSuchCgroup_IsNothing()
    {
        var layout = V2().Layout;

        var statistics = CgroupStatistics.Read(Cgroup.Open("/other", layout));

        Assert.Equal((0UL, 0UL, 0UL), (statistics.Cpu.Total, statistics.Memory.Usage.Usage, statistics.Pids.Current));
    }

    /// <summary>The fields and their order are those of runc 1.3's events.</summary>
    [Fact]
    public void Event_Statistics_HaveRuncsShape()
    {
        var text = Encoding.UTF8.GetString(StatisticsJson.Event("a\"b", CgroupStatistics.Read(V1())).Span);

        using var json = JsonDocument.Parse(text);
        var data = json.RootElement.GetProperty("data");
        Assert.StartsWith("""{"type":"stats","id":"a\u0022b","data":{"cpu":{"usage":{"total":3000,"percpu":[1000,2000]""", text, StringComparison.Ordinal);
        Assert.Equal(["cpu", "cpuset", "memory", "pids", "blkio", "hugetlb", "intel_rdt", "network_interfaces"],
            data.EnumerateObject().Select(field => field.Name));
        Assert.Equal("""{"limit":400,"usage":100,"max":200,"failcnt":3}""", data.GetProperty("memory").GetProperty("usage").GetRawText());
        Assert.Equal("""{"current":7}""", data.GetProperty("pids").GetRawText());
        Assert.Equal("""{"major":8,"op":"Read","value":11}""", data.GetProperty("blkio").GetProperty("ioServiceBytesRecursive")[0].GetRawText());
        Assert.Equal("""{"usage":1,"max":2,"failcnt":3}""", data.GetProperty("hugetlb").GetProperty("2MB").GetRawText());
    }

    [Theory]
    [InlineData("FROZEN", FreezerState.Frozen)]
    [InlineData("FREEZING", FreezerState.Freezing)]
    [InlineData("THAWED", FreezerState.Thawed)]
    public void FreezerState_V1_IsTheFile(string content, FreezerState expected)
    {
        var cgroup = Plain(1, "freezer");
        Write(cgroup, "freezer", ("freezer.state", content + "\n"));

        Assert.Equal(expected, cgroup.FreezerState);
    }

    [Theory]
    [InlineData("0", "populated 1\nfrozen 0\n", FreezerState.Thawed)]
    [InlineData("1", "populated 1\nfrozen 0\n", FreezerState.Freezing)]
    [InlineData("1", "populated 1\nfrozen 1\n", FreezerState.Frozen)]
    // An ancestor is frozen.
    [InlineData("0", "populated 1\nfrozen 1\n", FreezerState.Frozen)]
    public void FreezerState_V2_IsTheEvent(string asked, string events, FreezerState expected)
    {
        var cgroup = Plain(2, "memory");
        Write(cgroup, "memory", ("cgroup.freeze", asked), ("cgroup.events", events));

        Assert.Equal(expected, cgroup.FreezerState);
        Assert.Equal(FreezerState.Undefined, Cgroup.Open("/gone", cgroup.Layout).FreezerState);
    }

    private Cgroup V1()
    {
        var cgroup = Plain(1, "cpu", "cpuacct", "cpuset", "memory", "pids", "blkio", "hugetlb");
        Write(cgroup, "cpuacct", ("cpuacct.usage", "3000\n"), ("cpuacct.stat", "user 1\nsystem 2\n"), ("cpuacct.usage_percpu", "1000 2000 \n"),
            ("cpuacct.usage_all", "cpu user system\n0 600 400\n1 1200 800\n"));
        Write(cgroup, "cpu", ("cpu.stat", "nr_periods 5\nnr_throttled 2\nthrottled_time 700\n"));
        Write(cgroup, "cpuset", ("cpuset.cpus", "0-1,3\n"), ("cpuset.mems", "0\n"), ("cpuset.sched_relax_domain_level", "-1\n"));
        Write(cgroup, "memory", ("memory.stat", "cache 60\ninactive_file 10\ntotal_inactive_file 30\n"), ("memory.oom_control", "oom_kill_disable 0\noom_kill 6\n"),
            ("memory.usage_in_bytes", "100\n"), ("memory.max_usage_in_bytes", "200\n"), ("memory.failcnt", "3\n"), ("memory.limit_in_bytes", "400\n"),
            ("memory.memsw.usage_in_bytes", "110"), ("memory.memsw.max_usage_in_bytes", "210"), ("memory.memsw.failcnt", "4"), ("memory.memsw.limit_in_bytes", "410"));
        Write(cgroup, "pids", ("pids.current", "7\n"), ("pids.max", "max\n"), ("pids.events", "max 9\n"));
        Write(cgroup, "blkio", ("blkio.bfq.io_service_bytes_recursive", "Total 0\n"),
            ("blkio.throttle.io_service_bytes_recursive", "8:0 Read 11\n8:0 Write 12\n8:0 Total 23\nTotal 23\n"));
        Write(cgroup, "hugetlb", ("hugetlb.2MB.usage_in_bytes", "1"), ("hugetlb.2MB.max_usage_in_bytes", "2"), ("hugetlb.2MB.failcnt", "3"),
            ("hugetlb.2MB.limit_in_bytes", "4"), ("hugetlb.2MB.rsvd.limit_in_bytes", "5"));
        return cgroup;
    }

    private Cgroup V2()
    {
        var cgroup = Plain(2, "cpu", "memory", "pids", "io", "hugetlb", "rdma");
        Write(cgroup, "cpu", ("cpu.stat", "usage_usec 3\nuser_usec 2\nsystem_usec 1\nnr_periods 5\nnr_throttled 2\nthrottled_usec 7\n"),
            ("memory.stat", "file 60\ninactive_file 30\n"), ("memory.current", "100"), ("memory.peak", "200"), ("memory.max", "400"),
            ("memory.events", "low 0\nmax 3\noom_kill 6\n"), ("memory.swap.current", "50"), ("memory.swap.max", "1000"),
            ("memory.pressure", "some avg10=1.50 avg60=0.25 avg300=0.00 total=99\nfull avg10=0.50 avg60=0.00 avg300=0.00 total=42\n"),
            ("pids.current", "7"), ("pids.max", "8"), ("pids.events", "max 9\n"),
            ("io.stat", "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n7:0 \n"),
            ("hugetlb.2MB.current", "1"), ("hugetlb.2MB.max", "max"), ("hugetlb.2MB.events", "max 3\n"), ("hugetlb.2MB.rsvd.max", "max"),
            ("rdma.current", "mlx4_0 hca_handle=2 hca_object=2000\n"), ("rdma.max", "mlx4_0 hca_handle=3 hca_object=max\n"));
        return cgroup;
    }

    private Cgroup Plain(int version, params string[] controllers)
    {
        CgroupHierarchy Hierarchy(string name, string[] here) => new() { Version = version, MountPoint = Path.Combine(_root, name), Controllers = here };
        var layout = version == 2
            ? new CgroupLayout([Hierarchy("unified", controllers)])
            : new CgroupLayout([.. controllers.Select(name => Hierarchy(name, [name]))]);
        foreach (var hierarchy in layout.Hierarchies)
            Directory.CreateDirectory(hierarchy.MountPoint + "/a");
        return Cgroup.Open("/a", layout);
    }

    private static void Write(Cgroup cgroup, string controller, params (string Name, string Content)[] files)
    {
        foreach (var (name, content) in files)
            File.WriteAllText(cgroup.FileOf(controller, name)!, content);
    }
}

using System.Diagnostics;
using System.Text.Json;
using Vitrine.Insight.Control;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Control;

public sealed class ControlNodeTests : IDisposable
{
    private readonly CgroupTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Read_V1_LaysHierarchiesOverEachOtherInTheWordsOfV2()
    {
        _tree.File("memory/a/cgroup.procs", "11\n12").File("memory/a/memory.limit_in_bytes", "4096").File("memory/a/memory.usage_in_bytes", "100")
            .File("cpu,cpuacct/a/cgroup.procs", "13").File("cpu,cpuacct/a/cpu.shares", "1024").File("cpu,cpuacct/a/cpu.cfs_quota_us", "150000").File("cpu,cpuacct/a/cpu.cfs_period_us", "100000")
            .File("pids/a/b/pids.max", "5").File("freezer/a/b/freezer.state", "FREEZING");

        var node = ControlNode.Read(_tree.Group(_tree.V1, "/a"), 1);

        Assert.Equal([11, 12, 13], node.Processes);
        Assert.Equal((4096L, 100L, 1.5, 100L, null), (node.MemoryLimitBytes, node.MemoryBytes, node.Cpus, node.Weight, node.Frozen));
        var child = Assert.Single(node.Children);
        Assert.Equal(("/a/b", 5L, true), (child.Path, child.PidsLimit, child.Frozen));
        Assert.Equal(["pids", "freezer"], child.Controllers);
    }

    [Fact]
    public void Read_V2_HasOwnersAndStopsAtItsDepth()
    {
        var id = new string('b', 64);
        _tree.File($"v2/docker-{id}.scope/cgroup.controllers", "cpu memory").File($"v2/docker-{id}.scope/memory.max", "max").File($"v2/docker-{id}.scope/cpu.max", "max 100000").File($"v2/docker-{id}.scope/deep/x", "");

        var root = ControlNode.Read(_tree.Group(_tree.V2, "/"), 1, known => known == id ? "web" : null);

        var node = Assert.Single(root.Children);
        Assert.Equal(("docker", "web", null, null), (node.Owner, node.ContainerName, node.MemoryLimitBytes, node.Cpus));
        Assert.Equal(["cpu", "memory"], node.Controllers);
        Assert.Empty(node.Children);
        using var json = JsonDocument.Parse(ControlJson.Tree(root));
        Assert.Equal(["/", $"/docker-{id}.scope"], json.RootElement.EnumerateArray().Select(item => item.GetProperty("path").GetString()));
    }

    [Fact]
    public void Rate_BetweenTwoLooks_IsPerSecond()
    {
        var group = _tree.File("v2/a/cpu.stat", "usage_usec 5\nthrottled_usec 3").File("v2/a/io.stat", "8:0 rbytes=10 wbytes=20 rios=1\n8:16 rbytes=1").Group(_tree.V2, "/a");
        var before = ControlUse.Read(group);
        Assert.Equal((5000ul, 3000ul, 11ul, 20ul), (before.CpuNanoseconds, before.ThrottledNanoseconds, before.ReadBytes, before.WrittenBytes));

        var rate = Assert.Single(ControlRate.Between([before], [before with
        {
            Ticks = before.Ticks + 2 * Stopwatch.Frequency, CpuNanoseconds = before.CpuNanoseconds + 3_000_000_000, WrittenBytes = before.WrittenBytes + 100, ReadBytes = 0,
        }]));

        Assert.Equal((1.5, 50.0, 0.0), (Math.Round(rate.Cpus, 6), rate.WrittenBytesPerSecond, rate.ReadBytesPerSecond));
    }

    [Fact]
    public void Use_OfV1_IsReadFromItsFiles()
    {
        var group = _tree.File("cpu,cpuacct/a/cpuacct.usage", "7").File("cpu,cpuacct/a/cpu.stat", "throttled_time 9").File("memory/a/memory.usage_in_bytes", "1").Group(_tree.V1, "/a");

        var use = ControlUse.Read(group);

        Assert.Equal((7ul, 9ul, 1L), (use.CpuNanoseconds, use.ThrottledNanoseconds, use.MemoryBytes));
    }
}

using Vitrine.Insight.Control;
using Vitrine.Linux.Proc;
using Vitrine.Tests.Unit.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Control;

public sealed class ControlPlannerTests : IDisposable
{
    private readonly CgroupTree _tree = new();
    private readonly FakeProc _proc = new();

    public ControlPlannerTests()
    {
        _proc.Write("meminfo", "MemTotal:        4194304 kB\nMemFree: 1 kB\n");
        _tree.File("memory/a/memory.limit_in_bytes", "100").File("memory/a/memory.memsw.limit_in_bytes", "150").File("memory/a/memory.soft_limit_in_bytes", "9223372036854771712")
            .File("cpu,cpuacct/a/cpu.cfs_quota_us", "-1").File("cpu,cpuacct/a/cpu.cfs_period_us", "50000").File("pids/a/pids.max", "max");
        _tree.File("v2/a/memory.max", "100").File("v2/a/memory.swap.max", "max").File("v2/a/cpu.max", "max 50000").File("v2/a/cgroup.controllers", "cpu memory");
    }

    private ProcFs Proc => _proc.ProcFs;

    public void Dispose()
    {
        _tree.Dispose();
        _proc.Dispose();
    }

    [Fact]
    public void Plan_NativeNames_AreWrittenAsTheyAre()
    {
        var change = Assert.Single(ControlPlanner.Plan(_tree.Group(_tree.V1, "/a"), ["memory.limit_in_bytes=50%"], Proc));

        Assert.Equal(("100", "2147483648", null), (change.Before, change.Value, change.Formula));
        Assert.Equal([new ControlWrite("memory.limit_in_bytes", "2147483648")], change.Writes);
    }

    [Fact]
    public void Plan_MemoryOfV2OnV1_KeepsSwap()
    {
        var change = Assert.Single(ControlPlanner.Plan(_tree.Group(_tree.V1, "/a"), ["memory.max=300"], Proc));

        Assert.Equal([new("memory.limit_in_bytes", "300"), new("memory.memsw.limit_in_bytes", "350")], change.Writes);
        Assert.Contains("swap stays 50", change.Formula, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_LaterSettings_SeeTheEarlierOnes()
    {
        var plan = ControlPlanner.Plan(_tree.Group(_tree.V1, "/a"), ["memory.max=300", "memory.swap.max=1", "cpu.max=20% 10000", "cpu.cfs_quota_us=50%"], Proc);

        Assert.Equal([new("memory.memsw.limit_in_bytes", "301")], plan[1].Writes);
        Assert.Equal([new("cpu.cfs_period_us", "10000"), new("cpu.cfs_quota_us", "2000")], plan[2].Writes);
        Assert.Equal([new("cpu.cfs_quota_us", "5000")], plan[3].Writes);
    }

    [Fact]
    public void Plan_OldNamesOnV2_UseItsPeriodAndLimits()
    {
        var plan = ControlPlanner.Plan(_tree.Group(_tree.V2, "/a"), ["cpu.cfs_quota_us=50%", "cpu.cfs_period_us=20000", "memory.memsw.limit_in_bytes=175"], Proc);

        Assert.Equal([new("cpu.max", "25000")], plan[0].Writes);
        Assert.Equal([new("cpu.max", "25000 20000")], plan[1].Writes);
        Assert.Equal([new("memory.swap.max", "75")], plan[2].Writes);
    }

    [Theory]
    [InlineData("memory.max", "NAME=VALUE")]
    [InlineData("=5", "NAME=VALUE")]
    [InlineData("cgroup.procs=5", "classify")]
    [InlineData("memory.max=lots", "lots")]
    [InlineData("memory.memsw.limit_in_bytes=5", "memory")]
    public void Plan_OneMistake_PlansNothing(string setting, string reason) =>
        Assert.Contains(reason, Assert.Throws<VitrineException>(() => ControlPlanner.Plan(_tree.Group(_tree.V2, "/a"), ["cpu.max=5000", setting], Proc)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("devices.deny=a", "eBPF")]
    [InlineData("pids.max=5", "pids is not enabled for /a")]
    [InlineData("blkio.weight=50", "io is not enabled for /a")]
    [InlineData("net.x=5", "no controller net")]
    [InlineData("memory.fly=5", "no file memory.fly")]
    [InlineData("memory.limit_in_bytes.x=5", "no file")]
    public void Plan_WhatIsNotThere_IsExplained(string setting, string reason)
    {
        var e = Assert.Throws<VitrineException>(() => ControlPlanner.Plan(_tree.Group(_tree.V2, "/a"), [setting], Proc));
        Assert.Equal(ErrorKind.NotFound, e.Kind);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_OfTheRoot_IsRefused()
    {
        _tree.File("memory/memory.limit_in_bytes", "1");

        Assert.Contains("root cgroup", Assert.Throws<VitrineException>(() => ControlPlanner.Plan(_tree.Group(_tree.V1, "/"), ["memory.max=5"], Proc)).Message, StringComparison.Ordinal);
    }
}

using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using Vitrine.Runtime;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime.Cgroups;

public sealed class CgroupLimitsTests
{
    private static readonly CgroupLayout s_v1 = new([.. new[] { "memory", "cpu", "cpuset", "pids", "devices", "blkio" }
        .Select(name => new CgroupHierarchy { Version = 1, MountPoint = "/sys/fs/cgroup/" + name, Controllers = [name] })]);

    private static readonly CgroupHierarchy s_unified = new() { Version = 2, MountPoint = "/sys/fs/cgroup", Controllers = ["memory", "cpu", "cpuset", "pids", "io", "hugetlb"] };
    private static readonly CgroupLayout s_v2 = new([s_unified]);

    private static readonly Resources s_docker = new()
    {
        Memory = new MemoryResources { Limit = 64 << 20, Swap = 128 << 20, Reservation = 32 << 20, Swappiness = 5, DisableOomKiller = true },
        Cpu = new CpuResources { Shares = 512, Quota = 50_000, Period = 100_000, Cpus = "0-1", Mems = "0" },
        Pids = new PidsResources { Limit = 100 },
        BlockIo = new BlockIoResources { Weight = 300, ThrottleReadBpsDevice = [new ThrottleDevice { Major = 8, Minor = 0, Rate = 1000 }] },
    };

    [Fact]
    public void Writes_V1_AreTheControllersFiles() => Assert.Equal(
        [
            "memory.limit_in_bytes=67108864", "memory.memsw.limit_in_bytes=134217728", "memory.soft_limit_in_bytes=33554432",
            "memory.swappiness=5", "memory.oom_control=1", "cpu.shares=512", "cpu.cfs_period_us=100000", "cpu.cfs_quota_us=50000",
            "cpuset.cpus=0-1", "cpuset.mems=0", "pids.max=100", "blkio.weight=300", "blkio.throttle.read_bps_device=8:0 1000",
        ],
        Texts(CgroupLimits.Writes(s_docker, s_v1)));

    [Fact]
    public void Writes_V2_AreConverted() => Assert.Equal(
        [
            "memory.swap.max=67108864", "memory.max=67108864", "memory.low=33554432", "cpu.weight=59", "cpu.max=50000 100000",
            "cpuset.cpus=0-1", "cpuset.mems=0", "pids.max=100", "io.weight=2930", "io.max=8:0 rbps=1000",
        ],
        Texts(CgroupLimits.Writes(s_docker, s_v2)));

    [Fact]
    public void Writes_NothingAsked_AreNone()
    {
        Assert.Empty(CgroupLimits.Writes(new Resources(), s_v1));
        Assert.Empty(CgroupLimits.Writes(new Resources(), s_v2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Writes_PidsWithoutLimit_AreMax(long limit) =>
        Assert.Equal(["pids.max=max"], Texts(CgroupLimits.Writes(new Resources { Pids = new PidsResources { Limit = limit } }, s_v1)));

    [Fact]
    public void Writes_MemoryWithoutLimit_LiftSwapToo() =>
        Assert.Equal(
            ["memory.memsw.limit_in_bytes=-1", "memory.limit_in_bytes=-1"],
            Texts(CgroupLimits.Writes(new Resources { Memory = new MemoryResources { Limit = -1 } }, s_v1, (_, _) => "9223372036854771712")));

    /// <summary>The kernel keeps memory at or below memory and swap at every moment.</summary>
    [Theory]
    [InlineData("9223372036854771712", 100, 200, "memory.limit_in_bytes=100", "memory.memsw.limit_in_bytes=200")]
    [InlineData("100", 50, 80, "memory.limit_in_bytes=50", "memory.memsw.limit_in_bytes=80")]
    [InlineData("100", 300, 400, "memory.memsw.limit_in_bytes=400", "memory.limit_in_bytes=300")]
    [InlineData("100", 300, -1, "memory.memsw.limit_in_bytes=-1", "memory.limit_in_bytes=300")]
    public void Writes_V1MemoryAndSwap_GrowTheSumFirstAndShrinkItLast(string now, long limit, long swap, params string[] expected) =>
        Assert.Equal(expected, Texts(CgroupLimits.Writes(Memory(limit, swap), s_v1, (_, _) => now)));

    [Theory]
    [InlineData(100, 150, "50")]
    [InlineData(100, 100, "0")]
    [InlineData(100, -1, "max")]
    [InlineData(-1, 0, "max")]
    [InlineData(-1, 70, "70")]
    public void Writes_V2Swap_IsWhatIsLeftWithoutMemory(long limit, long swap, string expected) =>
        Assert.Equal("memory.swap.max=" + expected, Texts(CgroupLimits.Writes(Memory(limit, swap), s_v2))[0]);

    [Fact]
    public void Writes_V2SwapAlone_IsRefused() =>
        Assert.Equal("unable to set swap limit without memory limit",
            Assert.Throws<VitrineException>(() => CgroupLimits.Writes(Memory(0, 100), s_v2).ToList()).Message);

    [Theory]
    [InlineData(100, 0, "rejecting memory limit 100 <= usage 4096")]
    [InlineData(-1, 4096, "rejecting memory+swap limit 4096 <= usage 4096")]
    [InlineData(8192, 0, null)]
    public void Writes_V2CheckBeforeUpdate_RefusesWhatIsBelowTheUse(long limit, long swap, string? message)
    {
        var resources = Memory(limit, swap) with { Memory = new() { Limit = limit, Swap = swap, CheckBeforeUpdate = true } };

        var error = Record.Exception(() => CgroupLimits.Writes(resources, s_v2, (_, file) => file == "memory.current" ? "4096" : null).ToList());

        Assert.Equal(message, error?.Message);
    }

    [Theory]
    [InlineData(null, 50_000L, null, "50000 100000")]
    [InlineData("max 20000", 50_000L, null, "50000 20000")]
    [InlineData("50000 100000", null, 20_000UL, "50000 20000")]
    [InlineData("50000 100000", -1L, null, "max 100000")]
    public void Writes_V2Bandwidth_KeepsTheHalfThatIsNotGiven(string? now, long? quota, ulong? period, string expected) =>
        Assert.Equal(["cpu.max=" + expected],
            Texts(CgroupLimits.Writes(new Resources { Cpu = new CpuResources { Quota = quota, Period = period } }, s_v2, (_, _) => now)));

    [Fact]
    public void Writes_BfqHost_UsesItsFilesAndScale()
    {
        var io = new Resources { BlockIo = new() { Weight = 300, WeightDevice = [new WeightDevice { Major = 8, Minor = 16, Weight = 500 }] } };

        Assert.Equal(["io.bfq.weight=300", "io.bfq.weight=8:16 500"], Texts(CgroupLimits.Writes(io, s_v2, (_, file) => file == "io.bfq.weight" ? "" : null)));
        Assert.Equal(["blkio.bfq.weight=300", "blkio.bfq.weight_device=8:16 500"],
            Texts(CgroupLimits.Writes(io, s_v1, (_, file) => file == "blkio.bfq.weight" ? "" : null)));
    }

    [Fact]
    public void Writes_Hugepages_LimitUseAndReservation() => Assert.Equal(
        ["hugetlb.2MB.max=4096", "hugetlb.2MB.rsvd.max=4096"],
        Texts(CgroupLimits.Writes(new Resources { HugepageLimits = [new HugepageLimit { PageSize = "2MB", Limit = 4096 }] }, s_v2)));

    [Fact]
    public void Writes_UnifiedWithSeveralLines_AreOneWriteEach() => Assert.Equal(
        ["io.max=8:0 rbps=1", "io.max=8:16 rbps=2"],
        Texts(CgroupLimits.Writes(new Resources { Unified = new Dictionary<string, string> { ["io.max"] = "8:0 rbps=1\n8:16 rbps=2" } }, s_v2)));

    [Fact]
    public void Writes_UnifiedOnV1_IsRefused() =>
        Assert.Throws<VitrineException>(() => CgroupLimits.Writes(new Resources { Unified = new Dictionary<string, string> { ["a.b"] = "1" } }, s_v1).ToList());

    [Theory]
    [InlineData(1UL, "the minimum allowed cpu-shares is 2")]
    [InlineData(262_145UL, "the maximum allowed cpu-shares is 262144")]
    public void Writes_V1SharesThatTheKernelWouldBend_AreRefused(ulong shares, string message) => Assert.Equal(message,
        Assert.Throws<VitrineException>(() => CgroupLimits.Writes(new Resources { Cpu = new CpuResources { Shares = shares } }, s_v1).ToList()).Message);

    [Fact]
    public void Ignored_WhatAVersionLacks_IsNamed()
    {
        var resources = s_docker with
        {
            Memory = s_docker.Memory! with { Kernel = 1, KernelTcp = 1 },
            Cpu = new CpuResources { RealtimePeriod = 1 },
            Network = new NetworkResources { ClassId = 1 },
        };

        Assert.Equal(["memory.kernel", "memory.kernelTCP"], CgroupLimits.Ignored(resources, s_v1).Select(line => line.Split(':')[0]));
        Assert.Equal(
            ["memory.kernel", "memory.kernelTCP", "memory.swappiness", "memory.disableOOMKiller", "cpu.realtimePeriod, cpu.realtimeRuntime",
                "network.classID, network.priorities"],
            CgroupLimits.Ignored(resources, s_v2).Select(line => line.Split(':')[0]));
    }

    [Fact]
    public void Writes_HybridHost_UseEachControllersVersion()
    {
        var hybrid = new CgroupLayout([.. s_v1.Hierarchies, s_unified with { MountPoint = "/sys/fs/cgroup/unified", Controllers = ["hugetlb"] }]);
        var resources = s_docker with { HugepageLimits = [new HugepageLimit { PageSize = "2MB", Limit = 4096 }], Cpu = null, BlockIo = null, Memory = new MemoryResources { Swap = 5 } };

        Assert.Equal(["memory.memsw.limit_in_bytes=5", "pids.max=100", "hugetlb.2MB.max=4096", "hugetlb.2MB.rsvd.max=4096"], Texts(CgroupLimits.Writes(resources, hybrid)));
    }

    [Fact]
    public void Writes_V2SwapBelowMemory_IsRefused() =>
        Assert.Throws<VitrineException>(() =>
            CgroupLimits.Writes(new Resources { Memory = new MemoryResources { Limit = 10, Swap = 5 } }, s_v2).ToList());

    [Theory]
    [InlineData("../evil")]
    [InlineData("nodot")]
    public void Writes_UnifiedNameThatIsNoFile_IsRefused(string file) =>
        Assert.Throws<VitrineException>(() =>
            CgroupLimits.Writes(new Resources { Unified = new Dictionary<string, string> { [file] = "1" } }, s_v2).ToList());

    private static Resources Memory(long limit, long swap) => new() { Memory = new MemoryResources { Limit = limit, Swap = swap } };

    private static List<string> Texts(IEnumerable<CgroupWrite> writes) => [.. writes.Select(write => $"{write.File}={write.Value}")];
}

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
            "memory.swap.max=67108864", "memory.max=67108864", "memory.low=33554432", "cpu.weight=20", "cpu.max=50000 100000",
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
            ["memory.limit_in_bytes=-1", "memory.memsw.limit_in_bytes=-1"],
            Texts(CgroupLimits.Writes(new Resources { Memory = new MemoryResources { Limit = -1 } }, s_v1)));

    [Fact]
    public void Writes_HybridHost_UseEachControllersVersion()
    {
        var hybrid = new CgroupLayout([.. s_v1.Hierarchies, s_unified with { MountPoint = "/sys/fs/cgroup/unified", Controllers = ["hugetlb"] }]);
        var resources = s_docker with { HugepageLimits = [new HugepageLimit { PageSize = "2MB", Limit = 4096 }], Cpu = null, BlockIo = null, Memory = new MemoryResources { Swap = 5 } };

        Assert.Equal(["memory.memsw.limit_in_bytes=5", "pids.max=100", "hugetlb.2MB.max=4096"], Texts(CgroupLimits.Writes(resources, hybrid)));
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

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1024, 39)]
    [InlineData(262_144, 10_000)]
    [InlineData(1, 1)]
    public void WeightOfShares_Ends_MapToEnds(ulong shares, ulong weight) => Assert.Equal(weight, CgroupLimitsV2.WeightOfShares(shares));

    [Fact]
    public void DeviceWrites_Rules_StandBetweenDenyAllAndTheDefaults()
    {
        var writes = DeviceTexts(new DeviceRule { Allow = false }, new DeviceRule { Allow = true, Type = "c", Major = 10, Minor = 200, Access = "rw" });

        Assert.Equal(["devices.deny=a", "devices.deny=a", "devices.allow=c 10:200 rw", "devices.allow=c *:* m"], writes[..4]);
        Assert.Contains("devices.allow=c 1:3 rwm", writes);
    }

    [Fact]
    public void DeviceWrites_AllowAll_IsNotNarrowedByTheDefaults() =>
        Assert.Equal(["devices.deny=a", "devices.allow=a"], DeviceTexts(new DeviceRule { Allow = true, Access = "rwm" }));

    [Theory]
    [InlineData("x", "rwm")]
    [InlineData("c", "rwx")]
    public void DeviceWrites_MalformedRule_IsRefused(string type, string access) =>
        Assert.Throws<VitrineException>(() => CgroupLimits.Devices([new DeviceRule { Allow = true, Type = type, Access = access }]));

    private static List<string> DeviceTexts(params DeviceRule[] rules) => Texts(CgroupLimits.DeviceWrites(CgroupLimits.Devices(rules)));

    private static List<string> Texts(IEnumerable<CgroupWrite> writes) => [.. writes.Select(write => $"{write.File}={write.Value}")];
}

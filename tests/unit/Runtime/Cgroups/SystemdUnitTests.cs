using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using Vitrine.Runtime;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime.Cgroups;

public sealed class SystemdUnitTests
{
    private static readonly CgroupLayout s_v2 = new([new CgroupHierarchy { Version = 2, MountPoint = "/cg", Controllers = ["memory", "cpu"] }]);
    private static readonly CgroupLayout s_v1 = new([new CgroupHierarchy { Version = 1, MountPoint = "/cg/memory", Controllers = ["memory"] }]);

    [Theory]
    [InlineData("system.slice:docker:1234", "/system.slice/docker-1234.scope")]
    [InlineData(":box:a", "/system.slice/box-a.scope")]
    [InlineData("a-b-c.slice::x", "/a.slice/a-b.slice/a-b-c.slice/x.scope")]
    [InlineData("-.slice:p:x", "/p-x.scope")]
    [InlineData("", "/system.slice/vitrine-id.scope")]
    public void Parse_Path_NamesSliceAndScope(string path, string expected) =>
        Assert.Equal(expected, SystemdUnit.Parse(path, "id", user: false).PathBelow("/ignored"));

    [Fact]
    public void Parse_OfAUser_IsBelowHisManager() =>
        Assert.Equal("/user.slice/user-7.slice/user@7.service/user.slice/p-x.scope", SystemdUnit.Parse(":p:x", "id", user: true).PathBelow("/user.slice/user-7.slice/user@7.service"));

    [Theory]
    [InlineData("/a/b", "slice:prefix:name")]
    [InlineData("a:b", "slice:prefix:name")]
    [InlineData("a.slice:b:", "slice:prefix:name")]
    [InlineData("a:b:c", "invalid slice name")]
    [InlineData("a--b.slice:b:c", "invalid slice name")]
    [InlineData("../a.slice:b:c", "invalid slice name")]
    [InlineData(":b:c.slice", "names a slice")]
    public void Parse_OtherForms_AreRefused(string path, string reason) =>
        Assert.Contains(reason, Assert.Throws<VitrineException>(() => SystemdUnit.Parse(path, "id", user: false)).Message, StringComparison.Ordinal);

    [Fact]
    public void LimitProperties_V2_AreSystemdsNames() => Assert.Equal(
        ["MemoryMax=100", "MemoryLow=50", "MemorySwapMax=200", "CPUWeight=100", "CPUQuotaPeriodUSec=100000", "CPUQuotaPerSecUSec=510000", "AllowedCPUs=05-02",
            "IOWeight=1", "TasksMax=18446744073709551615", "MemoryHigh=70"],
        Texts(s_v2));

    [Fact]
    public void LimitProperties_V1_AreItsOlderNames() => Assert.Equal(
        ["MemoryLimit=100", "CPUShares=1024", "CPUQuotaPeriodUSec=100000", "CPUQuotaPerSecUSec=510000", "BlockIOWeight=10", "TasksMax=18446744073709551615", "MemoryHigh=70"],
        Texts(s_v1));

    [Fact]
    public void StartProperties_Devices_AreListedAsSystemdNamesThem()
    {
        var properties = SystemdUnit.Parse(":p:x", "id", user: false).StartProperties(
            new CgroupRequest { Id = "id", Annotations = new Dictionary<string, string> { ["org.systemd.property.TimeoutStopSec"] = "7", ["org.systemd.property.CollectMode"] = "'inactive'" } },
            42, DeviceRules.Compile([new DeviceRule { Allow = true, Type = "b", Major = 8, Minor = 1, Access = "r" }]), s_v2);

        var allowed = ((string, string)[])properties.Last(property => property.Name == "DeviceAllow").Value;
        Assert.Contains(("/dev/block/8:1", "r"), allowed);
        Assert.Contains(("char-*", "m"), allowed);
        Assert.Contains(("/dev/char/1:3", "rwm"), allowed);
        Assert.Contains(properties, property => property is { Name: "DevicePolicy", Value: "strict" });
        Assert.Contains(properties, property => property is { Name: "TimeoutStopUSec", Value: 7_000_000UL });
        Assert.Contains(properties, property => property is { Name: "CollectMode", Value: "inactive" });
    }

    [Fact]
    public void ToText_Scope_IsFoundAgainWithItsUnit()
    {
        var cgroup = ContainerCgroup.FromText("/system.slice/box-a.scope\nunit box-a.scope", s_v2);

        Assert.Equal("/system.slice/box-a.scope", cgroup.Cgroup.Path);
        Assert.Equal("/system.slice/box-a.scope\nunit box-a.scope", cgroup.ToText());
    }

    private static IEnumerable<string> Texts(CgroupLayout layout) => SystemdUnit.LimitProperties(
        new Resources
        {
            Memory = new() { Limit = 100, Reservation = 50, Swap = 300 },
            Cpu = new() { Shares = 1024, Quota = 50_001, Period = 100_000, Cpus = "0,2,9" },
            Pids = new() { Limit = -1 },
            BlockIo = new() { Weight = 10 },
            Unified = new Dictionary<string, string> { ["memory.high"] = "70", ["cgroup.max.depth"] = "3" },
        },
        layout, (_, _) => null).Select(property => $"{property.Name}={(property.Value is byte[] bits ? BitConverter.ToString(bits) : property.Value)}");
}

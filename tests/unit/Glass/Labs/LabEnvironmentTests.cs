using Vitrine.Glass.Labs;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Labs;

public sealed class LabEnvironmentTests
{
    private static readonly CgroupHierarchy s_memory = new() { Version = 1, MountPoint = "/sys/fs/cgroup/memory", Controllers = ["memory"] };
    private static readonly CgroupHierarchy s_freezer = new() { Version = 1, MountPoint = "/sys/fs/cgroup/freezer", Controllers = ["freezer"] };
    private static readonly CgroupHierarchy s_both = new() { Version = 1, MountPoint = "/sys/fs/cgroup/cpu,cpuacct", Controllers = ["cpu", "cpuacct"] };
    private static readonly CgroupHierarchy s_unified = new() { Version = 2, MountPoint = "/sys/fs/cgroup", Controllers = ["cpu", "memory", "pids"] };

    [Fact]
    public void CgroupCommand_V1_LeadsToEachHierarchy()
    {
        var script = LabEnvironment.CgroupCommand(new CgroupLayout([s_memory, s_freezer, s_both]), "/vitrine-lab-0");

        Assert.Equal(
            ["memory) echo /sys/fs/cgroup/memory/vitrine-lab-0/lesson ;;", "freezer) echo /sys/fs/cgroup/freezer/vitrine-lab-0/lesson ;;",
                "cpu) echo /sys/fs/cgroup/cpu,cpuacct/vitrine-lab-0/lesson ;;", "cpuacct) echo /sys/fs/cgroup/cpu,cpuacct/vitrine-lab-0/lesson ;;"],
            Cases(script));
    }

    [Fact]
    public void CgroupCommand_V2_LeadsToTheTree_AlsoForWhatIsNoControllerThere() =>
        Assert.Equal(["cpu", "memory", "pids", "freezer", "cpuacct"],
            Cases(LabEnvironment.CgroupCommand(new CgroupLayout([s_unified]), "/x")).Select(line => line[..line.IndexOf(") echo /sys/fs/cgroup/x/lesson ;;", StringComparison.Ordinal)]));

    [Fact]
    public void Variables_TellTheVersionAndHideTheUsersStore()
    {
        var (one, two) = (Variables(s_memory), Variables(s_unified));

        Assert.Contains("CGV1=1", one);
        Assert.DoesNotContain("CGV2=1", one);
        Assert.Contains("CGV2=1", two);
        Assert.Contains("VITRINE_CGROUP_PARENT=/x/vitrine", one);
        Assert.Contains($"VITRINE_DATA_ROOT={LabPaths.Store}", one);
        Assert.Contains($"VITRINE_EXEC_ROOT={LabPaths.Run}", one);
    }

    [Theory]
    [InlineData("cgroup v1", null, "this host has no cgroup v1 with the controllers pids and memory")]
    [InlineData("cgroup v2", "this host has no cgroup v2 with the controllers pids and memory", null)]
    [InlineData("controller memory", null, null)]
    [InlineData("controller pids", "this host has no cgroup controller pids", null)]
    [InlineData("program no-such-program", "this host has no program no-such-program", "this host has no program no-such-program")]
    public void Condition_NotMet_IsTheReason(string condition, string? onV1, string? onV2)
    {
        Assert.Equal(onV1, LessonCondition.Unmet([condition], new CgroupLayout([s_memory])));
        Assert.Equal(onV2, LessonCondition.Unmet([condition], new CgroupLayout([s_unified])));
    }

    private static List<string> Variables(CgroupHierarchy hierarchy) => [.. LabEnvironment.Variables(new CgroupLayout([hierarchy]), "/x")];

    private static IEnumerable<string> Cases(string script) => script.Split('\n').Where(line => line.Contains(") echo /", StringComparison.Ordinal));
}

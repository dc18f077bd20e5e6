using Vitrine.Linux;
using Vitrine.Runtime;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime.Cgroups;

public sealed class CgroupsPathTests : IDisposable
{
    private static readonly CgroupHierarchy s_memory = new() { Version = 1, MountPoint = "/cg/memory", Controllers = ["memory"] };
    private static readonly CgroupHierarchy s_systemd = new() { Version = 1, MountPoint = "/cg/systemd", Name = "systemd" };
    private static readonly CgroupHierarchy s_unified = new() { Version = 2, MountPoint = "/cg", Controllers = ["memory"] };
    private readonly string _proc = Directory.CreateTempSubdirectory("vitrine-cgroupspath-").FullName;

    public void Dispose() => Directory.Delete(_proc, recursive: true);

    [Theory]
    [InlineData("/a/b", "/cg/memory/a/b")]
    [InlineData("/a//./b/../c/", "/cg/memory/a/c")]
    [InlineData("/../../a", "/cg/memory/a")]
    [InlineData("a/b", "/cg/memory/own/memory/a/b")]
    [InlineData("../a", "/cg/memory/own/memory/a")]
    [InlineData(null, "/cg/memory/own/memory/id")]
    public void Resolve_V1_IsBelowTheMountOrTheOwnCgroup(string? path, string expected) =>
        Assert.Equal(expected, Resolve(path, s_memory, s_systemd).DirectoryIn(s_memory));

    [Fact]
    public void Resolve_RelativeOnV1_IsAnotherPathInEachHierarchy()
    {
        var cgroup = Resolve("a", s_memory, s_systemd);

        Assert.Equal("/cg/systemd/a", cgroup.DirectoryIn(s_systemd));
        Assert.Equal(["memory", "name=systemd"], cgroup.Directories.Keys);
    }

    [Theory]
    [InlineData("a/b", "/cg/user/a/b")]
    [InlineData("", "/cg/user/id")]
    [InlineData("/a", "/cg/a")]
    public void Resolve_V2_IsBesideTheOwnCgroup(string path, string expected) => Assert.Equal(expected, Resolve(path, s_unified).DirectoryIn(s_unified));

    [Fact]
    public void Resolve_PartOfTheTreeMounted_LeavesOutWhatIsAbove() =>
        Assert.Equal("/cg/memory/memory/a", Resolve("a", s_memory with { Root = "/own" }).Directories["memory"]);

    [Theory]
    [InlineData("/")]
    [InlineData("..")]
    public void Resolve_TheRootItself_IsRefused(string path) => Assert.Throws<VitrineException>(() => Resolve(path, s_memory));

    [Theory]
    [InlineData("/a/b", "/a/b")]
    [InlineData("a", "memory=/cg/memory/own/memory/a\nname=systemd=/cg/systemd/a\n")]
    public void ToText_Kept_NamesTheSameCgroupAgain(string path, string expected)
    {
        var layout = new CgroupLayout([s_memory, s_systemd]);
        WriteOwn();
        var planned = ContainerCgroup.Plan(new CgroupRequest { Id = "id", Path = path, Layout = layout, ProcRoot = _proc });

        var again = ContainerCgroup.FromText(planned.ToText(), layout);

        Assert.Equal(expected, planned.ToText());
        Assert.Equal(planned.Cgroup.Directories, again.Cgroup.Directories);
    }

    private Cgroup Resolve(string? path, params CgroupHierarchy[] hierarchies)
    {
        WriteOwn();
        return CgroupsPath.Resolve(path, "id", new CgroupLayout(hierarchies), _proc);
    }

    private void WriteOwn()
    {
        Directory.CreateDirectory($"{_proc}/self");
        File.WriteAllText($"{_proc}/self/cgroup", "5:memory:/own/memory\n2:name=systemd:/\n0::/user/session\n");
    }
}

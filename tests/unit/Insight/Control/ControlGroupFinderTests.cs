using Vitrine.Insight;
using Vitrine.Insight.Control;
using Vitrine.Linux;
using Vitrine.Tests.Unit.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Control;

public sealed class ControlGroupFinderTests : IDisposable
{
    private static readonly string s_id = new('a', 64);
    private readonly CgroupTree _tree = new();
    private readonly FakeProc _proc = new();

    public ControlGroupFinderTests()
    {
        _tree.File("memory/a/b/cgroup.procs", "").File("pids/a/b/cgroup.procs", "").File("memory/plain/cgroup.procs", "").File($"v2/docker-{s_id}.scope/init/cgroup.procs", "");
        _proc.Write("7/cgroup", "3:memory:/a/b\n2:pids:/a\n1:name=systemd:/x\n0::/\n");
        _proc.Write("8/cgroup", $"0::/docker-{s_id}.scope/init\n");
        _proc.Write("9/cgroup", "0::/../elsewhere\n");
    }

    public void Dispose()
    {
        _tree.Dispose();
        _proc.Dispose();
    }

    [Theory]
    [InlineData("/a/b", "/a/b")]
    [InlineData("a/b", "/a/b")]
    [InlineData("/a/b/", "/a/b")]
    [InlineData("plain", "/plain")]
    [InlineData("/", "/")]
    public void Find_Path_IsInTheHierarchiesThatHaveIt(string text, string path) => Assert.Equal(path, Finder(_tree.V1).Find(text).Path);

    [Fact]
    public void Find_PathOfTheFileSystem_IsOfItsHierarchyAlone()
    {
        var group = Finder(_tree.V1).Find(_tree.Mount("memory") + "/a/b");

        Assert.Equal(("/a/b", "memory"), (group.Path, Assert.Single(group.Layout.Hierarchies).Controllers[0]));
    }

    [Fact]
    public void Find_Process_IsWhereEachHierarchyHasIt()
    {
        var group = Finder(_tree.V1).Find("7");

        Assert.Equal([("memory", "/a/b"), ("pids", "/a")], group.Layout.Hierarchies.Select(hierarchy => (hierarchy.Controllers[0], group.PathIn(hierarchy))));
    }

    [Fact]
    public void Find_Container_IsTheEnginesCgroupThoughItsFirstProcessIsDeeper()
    {
        var group = Finder(_tree.V2, new ExplainTarget { Pid = 8, Hints = new ContainerHints { Engine = "docker", Id = s_id } }).Find("web");

        Assert.Equal($"/docker-{s_id}.scope", group.Path);
        Assert.Equal(("docker", s_id), (group.Owner.Name, group.Owner.Id));
        Assert.Equal($"/docker-{s_id}.scope/init", Finder(_tree.V2).Find("8").Path);
    }

    /// <summary>runc and crun on a hybrid host: limits in v1, and the root of a v2 tree that has no controllers.</summary>
    [Fact]
    public void Find_ContainerAtTheRootOfOneHierarchy_IsWhereItsLimitsAre()
    {
        var hybrid = new CgroupLayout([.. _tree.V1.Hierarchies, new() { Version = 2, MountPoint = _tree.Mount("v2"), Controllers = [] }]);
        _tree.File($"memory/docker/{s_id}/memory.limit_in_bytes", "100");
        _proc.Write("11/cgroup", $"3:memory:/docker/{s_id}\n0::/\n").Write("12/cgroup", "3:memory:/\n0::/\n");

        var group = Finder(hybrid, new ExplainTarget { Pid = 11, Hints = new ContainerHints { Engine = "docker", Id = s_id } }).Find("web");
        var change = Assert.Single(ControlPlanner.Plan(group, ["memory.limit_in_bytes=200"], _proc.ProcFs));

        Assert.Equal(($"/docker/{s_id}", "100"), (Assert.Single(group.Layout.Hierarchies.Select(group.PathIn)), change.Before));
        Assert.False(Finder(hybrid).Find("11").BelowRoots().IsRoot);
        Assert.True(Finder(hybrid).Find("12").BelowRoots().IsRoot);
    }

    [Theory]
    [InlineData("/nowhere", "/nowhere")]
    [InlineData("nobody", "no container, process or cgroup 'nobody'")]
    [InlineData("9", "outside of this cgroup namespace")]
    public void Find_Nothing_IsNotFound(string text, string reason)
    {
        var e = Assert.Throws<VitrineException>(() => Finder(_tree.V2).Find(text));
        Assert.Equal(ErrorKind.NotFound, e.Kind);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a/../../etc")]
    [InlineData("/a//b")]
    [InlineData("/./a")]
    public void Find_PathThatLeadsAway_IsRefused(string text) =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<VitrineException>(() => Finder(_tree.V1).Find(text)).Kind);

    [Fact]
    public void Find_MountOfAPartOfTheTree_IsBelowIt()
    {
        var layout = new CgroupLayout([new() { Version = 1, MountPoint = _tree.Mount("memory"), Root = "/outer", Controllers = ["memory"] }]);
        _proc.Write("5/cgroup", "3:memory:/outer/a/b\n").Write("6/cgroup", "3:memory:/outerwise\n");

        Assert.Equal("/a/b", Finder(layout).Find("5").Path);
        Assert.Throws<VitrineException>(() => Finder(layout).Find("6"));
    }

    [Theory]
    [InlineData("/system.slice/cron.service", "systemd", "cron.service")]
    [InlineData("/user.slice/user-0.slice/session-1.scope/deep", "systemd", "session-1.scope")]
    [InlineData("/demo/box", null, null)]
    public void Owner_OfAPath_IsToldWithItsWay(string path, string? owner, string? unit)
    {
        var found = ControlOwner.Of(path);

        Assert.Equal((owner, unit is not null), (found.Name, found.Advice?.Contains(unit ?? "", StringComparison.Ordinal) == true));
    }

    private ControlGroupFinder Finder(CgroupLayout layout, ExplainTarget? container = null) => new(layout, _proc.ProcFs,
        name => container ?? throw new VitrineException(ErrorKind.NotFound, $"No such container: {name}"));
}

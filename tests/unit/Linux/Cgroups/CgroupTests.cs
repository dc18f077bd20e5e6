using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Cgroups;

/// <summary>On plain directories in place of cgroupfs.</summary>
public sealed class CgroupTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-cgroup-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Read_V1Host_FindsControllersAndNamedHierarchies()
    {
        var layout = ReadLayout(
            "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct",
            "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,seclabel,memory",
            "40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,release_agent=/x,name=systemd",
            "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
            "42 31 0:39 / /home rw - ext4 /dev/sda1 rw");

        Assert.Equal(["cpu,cpuacct", "memory", "systemd"], layout.Hierarchies.Select(hierarchy => hierarchy.DirectoryName));
        Assert.Equal(["cpu", "cpuacct"], layout.Of("cpuacct")!.Controllers);
        Assert.Equal("systemd", layout.Hierarchies[2].Name);
        Assert.Empty(layout.Hierarchies[2].Controllers);
        Assert.Null(layout.Of("pids"));
        Assert.False(layout.IsUnified);
    }

    [Fact]
    public void Read_HierarchyMountedTwice_IsOne()
    {
        var layout = ReadLayout(
            "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
            "36 31 0:32 /a /elsewhere rw - cgroup cgroup rw,memory");

        Assert.EndsWith("/sys/fs/cgroup/memory", Assert.Single(layout.Hierarchies).MountPoint, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_V2Host_ReadsItsControllers()
    {
        var mountPoint = Path.Combine(_root, "sys/fs/cgroup");
        Directory.CreateDirectory(mountPoint);
        File.WriteAllText(Path.Combine(mountPoint, "cgroup.controllers"), "cpuset cpu io memory pids\n");

        var layout = ReadLayout("41 31 0:38 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate");

        Assert.True(layout.IsUnified);
        Assert.Equal(2, layout.Of("io")!.Version);
    }

    /// <summary>Who is in pids may not fork any more where its limit is one; a v2 tree is started in, not entered.</summary>
    [Fact]
    public void OpenTaskFiles_OfEachV1Hierarchy_PidsLast()
    {
        Directory.CreateDirectory(Path.Combine(_root, "v2"));
        File.WriteAllText(Path.Combine(_root, "v2/cgroup.controllers"), "hugetlb\n");
        var layout = ReadLayout(
            "34 31 0:31 / /pids rw - cgroup cgroup rw,pids",
            "35 31 0:32 / /memory rw - cgroup cgroup rw,memory",
            "36 31 0:33 / /v2 rw - cgroup2 cgroup2 rw");
        foreach (var hierarchy in (string[])["pids", "memory"])
        {
            Directory.CreateDirectory(Path.Combine(_root, hierarchy, "box"));
            File.WriteAllText(Path.Combine(_root, hierarchy, "box/tasks"), "");
        }

        var files = Cgroup.Open("/box", layout).OpenTaskFiles();

        Assert.Equal([$"{_root}/memory/box/tasks", $"{_root}/pids/box/tasks"], files.Select(file => file.Path));
        foreach (var (_, file) in files)
            file.Dispose();
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => Cgroup.Open("/other", layout).OpenTaskFiles()).Errno);
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("/")]
    [InlineData("/a/../b")]
    [InlineData("/a//b")]
    [InlineData("")]
    public void Open_PathThatIsNoCgroup_IsRefused(string path) => Assert.Throws<ArgumentException>(() => Cgroup.Open(path, Plain("memory")));

    [Fact]
    public void Create_MissingParents_AreMadeInEveryHierarchy()
    {
        var cgroup = Cgroup.Open("/vitrine/abc", Plain("memory", "pids"));

        cgroup.Create();

        Assert.All(cgroup.Layout.Hierarchies, hierarchy => Assert.True(Directory.Exists(hierarchy.MountPoint + "/vitrine/abc")));
        Assert.True(cgroup.Exists);
    }

    [Fact]
    public void Delete_TreeWithChildren_LeavesTheParent()
    {
        var cgroup = Cgroup.Open("/vitrine/abc", Plain("memory"));
        cgroup.Create();

        cgroup.Delete();
        cgroup.Delete();

        Assert.False(cgroup.Exists);
        Assert.True(Directory.Exists(cgroup.Layout.Hierarchies[0].MountPoint + "/vitrine"));
    }

    [Fact]
    public void Join_AllHierarchies_GetThePid()
    {
        var cgroup = Cgroup.Open("/a", Plain("memory", "pids", "cpu"));
        cgroup.Create();
        foreach (var hierarchy in cgroup.Layout.Hierarchies)
            File.WriteAllText(cgroup.DirectoryIn(hierarchy) + "/cgroup.procs", "");

        cgroup.Join(4711);

        Assert.All(cgroup.Layout.Hierarchies, hierarchy => Assert.Equal("4711", File.ReadAllText(cgroup.DirectoryIn(hierarchy) + "/cgroup.procs")));
        Assert.Equal([4711], cgroup.Processes());
    }

    [Fact]
    public void Processes_CgroupsBelow_AreCounted()
    {
        var cgroup = Cgroup.Open("/a", Plain("memory"));
        var directory = cgroup.DirectoryIn(cgroup.Layout.Hierarchies[0]);
        Directory.CreateDirectory(directory + "/b");
        File.WriteAllText(directory + "/cgroup.procs", "1\n0\n2\n");
        File.WriteAllText(directory + "/b/cgroup.procs", "2\n3\n");

        Assert.Equal([1, 2, 3], cgroup.Processes().Order());
    }

    [Theory]
    [InlineData("oom_kill_disable 0\nunder_oom 0\noom_kill 3\n", 3)]
    [InlineData("under_oom 0\n", 0)]
    public void OomKills_V1_AreReadFromOomControl(string content, long expected)
    {
        var cgroup = Cgroup.Open("/a", Plain("memory"));
        cgroup.Create();
        File.WriteAllText(cgroup.FileOf("memory", "memory.oom_control")!, content);

        Assert.Equal(expected, cgroup.OomKills());
    }

    [Fact]
    public void Write_MissingFile_NamesFileAndValue()
    {
        var cgroup = Cgroup.Open("/a", Plain("memory"));
        cgroup.Create();

        var error = Assert.Throws<LinuxException>(() => cgroup.Write("memory", "memory.max", "1"));

        Assert.Equal(Errno.ENOENT, error.Errno);
        Assert.Contains("write '1' to", error.Message, StringComparison.Ordinal);
    }

    private CgroupLayout Plain(params string[] controllers)
    {
        foreach (var controller in controllers)
            Directory.CreateDirectory(Path.Combine(_root, controller));
        return new CgroupLayout([.. controllers.Select(name => new CgroupHierarchy { Version = 1, MountPoint = Path.Combine(_root, name), Controllers = [name] })]);
    }

    private CgroupLayout ReadLayout(params string[] mounts)
    {
        Directory.CreateDirectory(Path.Combine(_root, "proc/self"));
        File.WriteAllLines(Path.Combine(_root, "proc/self/mountinfo"), mounts);
        return CgroupLayout.Read(Path.Combine(_root, "proc"), _root);
    }
}

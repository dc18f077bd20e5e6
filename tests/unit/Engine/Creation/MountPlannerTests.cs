using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Storage;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Creation;

public sealed class MountPlannerTests
{
    [Theory]
    [InlineData("/a:/b", "bind", "/a", "/b", false)]
    [InlineData("/a:/b:ro", "bind", "/a", "/b", true)]
    [InlineData("/a/../c/:/b//d/", "bind", "/c", "/b/d", false)]
    [InlineData("data:/b:rw,nocopy", "volume", "", "/b", false)]
    public void Plan_Bind_IsUnderstoodAsDockerDoes(string raw, string type, string source, string target, bool readOnly)
    {
        var mount = Assert.Single(Plan(new HostConfig { Binds = [raw] }));

        Assert.Equal((type, source, target, readOnly), (mount.Type, mount.Source, mount.Destination, mount.ReadOnly));
    }

    [Fact]
    public void Plan_TargetAlone_IsAnAnonymousVolume()
    {
        var mount = Assert.Single(Plan(new HostConfig { Binds = ["/data"] }));

        Assert.True(mount.Anonymous);
        Assert.Equal(64, mount.Name!.Length);
    }

    [Theory]
    [InlineData("", "invalid volume specification: ''")]
    [InlineData(":/b", "invalid volume specification: ':/b'")]
    [InlineData("/a:/b:ro:x", "invalid volume specification: '/a:/b:ro:x'")]
    [InlineData("/a:ro", "invalid volume specification: '/a:ro'")]
    [InlineData("/a:/b:rw,ro", "invalid mode: rw,ro")]
    [InlineData("/a:/b:fast", "invalid mode: fast")]
    [InlineData("/a:b", "invalid volume specification: '/a:b': invalid mount config for type \"bind\": invalid mount path: 'b' mount path must be absolute")]
    [InlineData("/a:/", "invalid volume specification: '/a:/': invalid mount config for type \"bind\": invalid specification: destination can't be '/'")]
    [InlineData("/a:/b/..", "invalid volume specification: '/a:/b/..': invalid mount config for type \"bind\": invalid specification: destination can't be '/'")]
    [InlineData("./a:/b", "invalid volume specification: './a:/b': invalid mount config for type \"volume\": \"./a\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path")]
    public void Plan_MalformedBind_SaysWhatDockerSays(string raw, string expected) =>
        Assert.Equal([expected], Errors(new HostConfig { Binds = [raw] }));

    public static TheoryData<Mount, string> WrongMounts => new()
    {
        { new() { Type = "bind", Source = "/a" }, "invalid mount config for type \"bind\": field Target must not be empty" },
        { new() { Type = "bind", Target = "/b" }, "invalid mount config for type \"bind\": field Source must not be empty" },
        { new() { Type = "bind", Source = "/missing", Target = "/b" }, "invalid mount config for type \"bind\": bind source path does not exist: /missing" },
        { new() { Type = "bind", Source = "a", Target = "/b" }, "invalid mount config for type \"bind\": invalid mount path: 'a' mount path must be absolute" },
        { new() { Type = "bind", Source = "/a", Target = "/b", VolumeOptions = new() }, "invalid mount config for type \"bind\": field VolumeOptions must not be specified" },
        { new() { Type = "bind", Source = "/a", Target = "/b", BindOptions = new() { Propagation = "upwards" } }, "invalid mount config for type \"bind\": invalid propagation mode: upwards" },
        { new() { Type = "volume", Target = "/b", ReadOnly = true }, "invalid mount config for type \"volume\": must not set ReadOnly mode when using anonymous volumes" },
        { new() { Type = "volume", Source = "x", Target = "/b" }, "invalid mount config for type \"volume\": volume name is too short, names should be at least two alphanumeric characters" },
        { new() { Type = "volume", Source = "xy", Target = "/b", VolumeOptions = new() { Subpath = "a/../../c" } }, "invalid mount config for type \"volume\": subpath must be a relative path within the volume" },
        { new() { Type = "volume", Target = "/b", VolumeOptions = new() { Subpath = "a" } }, "invalid mount config for type \"volume\": must not set Subpath when using anonymous volumes" },
        { new() { Type = "volume", Source = "xy", Target = "/b", VolumeOptions = new() { DriverConfig = new() { Name = "cloud" } } }, "invalid mount config for type \"volume\": error looking up volume plugin cloud: plugin \"cloud\" not found" },
        { new() { Type = "tmpfs", Source = "x", Target = "/b" }, "invalid mount config for type \"tmpfs\": field Source must not be specified" },
        { new() { Type = "npipe", Source = "x", Target = "/b" }, "invalid mount config for type \"npipe\": mount type unknown" },
    };

    [Theory]
    [MemberData(nameof(WrongMounts))]
    public void Plan_WrongMount_SaysWhatDockerSays(Mount mount, string expected) =>
        Assert.Equal([expected], Errors(new HostConfig { Mounts = [mount] }));

    [Fact]
    public void Plan_SameTargetTwice_IsADuplicate()
    {
        var host = new HostConfig { Binds = ["/a:/b"], Tmpfs = new Dictionary<string, string> { ["/b/"] = "" } };

        Assert.Equal(["Duplicate mount point: /b"], Errors(host));
    }

    [Fact]
    public void Plan_ImageVolumeUnderAMount_IsNotMade()
    {
        var config = new ContainerConfig { Volumes = new Dictionary<string, EmptyObject> { ["/b"] = default, ["/c"] = default } };

        var mounts = Plan(new HostConfig { Binds = ["/a:/b"] }, config);

        Assert.Equal([("/b", false), ("/c", true)], mounts.Select(mount => (mount.Destination, mount.Anonymous)));
    }

    [Fact]
    public void Plan_NestedTargets_OuterComesFirst()
    {
        var mounts = Plan(new HostConfig { Binds = ["/x:/a/b/c", "/y:/a", "/z:/a/b"] });

        Assert.Equal(["/a", "/a/b", "/a/b/c"], mounts.Select(mount => mount.Destination));
    }

    [Fact]
    public void Plan_Tmpfs_HasSafeDefaultsUnlessTheUserSaysTheOpposite()
    {
        var mount = Assert.Single(Plan(new HostConfig { Tmpfs = new Dictionary<string, string> { ["/t"] = "exec,size=64m" } }));

        Assert.Equal(["nosuid", "nodev", "exec", "size=64m"], mount.TmpfsOptions!);
        Assert.True(mount.Hidden);
    }

    [Fact]
    public void Plan_UnknownTmpfsOption_IsRefused() =>
        Assert.Equal(["invalid tmpfs option \"huge\""], Errors(new HostConfig { Tmpfs = new Dictionary<string, string> { ["/t"] = "huge" } }));

    [Fact]
    public void Plan_VolumesFrom_SharesWithoutOwning()
    {
        ContainerMount[] theirs = [new() { Type = "volume", Name = "v", Destination = "/v", Anonymous = true }, new() { Type = "tmpfs", Destination = "/t" }];
        var mounts = new MountPlanner(new AllExists(), new Problems()).Plan(new(), new HostConfig { VolumesFrom = ["other:ro"] }, _ => theirs);

        var mount = Assert.Single(mounts);
        Assert.True(mount.ReadOnly);
        Assert.False(mount.Anonymous);
    }

    private static IReadOnlyList<ContainerMount> Plan(HostConfig host, ContainerConfig? config = null)
    {
        var problems = new Problems();
        var mounts = new MountPlanner(new AllExists(), problems).Plan(config ?? new ContainerConfig(), host, _ => []);
        Assert.Empty(problems.Errors);
        return mounts;
    }

    private static IReadOnlyList<string> Errors(HostConfig host)
    {
        var problems = new Problems();
        new MountPlanner(new AllExists(), problems).Plan(new ContainerConfig(), host, _ => []);
        return problems.Errors;
    }

    private sealed class AllExists : HostFacts
    {
        public override bool Exists(string path) => path != "/missing";
    }
}

using Vitrine.Engine.Docker;
using Vitrine.Engine.Events;
using Vitrine.Engine.Storage;
using Vitrine.Engine.Volumes;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Volumes;

public sealed class VolumeServiceTests : IDisposable
{
    private static readonly Dictionary<string, IReadOnlyList<string>> s_all = [];

    private readonly TemporaryDirectory _root = new();
    private readonly List<ContainerRecord> _containers = [];
    private readonly VolumeService _volumes;

    public VolumeServiceTests()
    {
        var paths = new StorePaths(_root["data"], _root["run"]);
        new ContainerStore(paths).EnsureExists();
        _volumes = new VolumeService(new VolumeStore(paths, TimeProvider.System), paths, () => _containers, new Happenings(paths));
    }

    [Fact]
    public void Create_Twice_KeepsTheFirst()
    {
        _volumes.Create(new VolumeCreateOptions { Name = "data", Labels = new Dictionary<string, string> { ["a"] = "1" } });

        var again = _volumes.Create(new VolumeCreateOptions { Name = "data" });

        Assert.Equal("1", again.Labels!["a"]);
        Assert.EndsWith("/volumes/data/_data", again.Mountpoint, StringComparison.Ordinal);
        Assert.True(Directory.Exists(again.Mountpoint));
    }

    [Fact]
    public void Create_WithoutName_IsAnonymous()
    {
        var volume = _volumes.Create(new VolumeCreateOptions());

        Assert.Equal(64, volume.Name.Length);
        Assert.Equal("", volume.Labels![VolumeRecord.AnonymousLabel]);
    }

    [Fact]
    public void Create_WithOptions_KeepsThem()
    {
        var options = new Dictionary<string, string> { ["type"] = "tmpfs", ["device"] = "tmpfs", ["o"] = "size=1m" };

        Assert.Equal(options, _volumes.Create(new VolumeCreateOptions { Name = "data", DriverOpts = options }).Options);
    }

    [Theory]
    [InlineData("dangling", "true", "free")]
    [InlineData("dangling", "0", "used")]
    [InlineData("label", "tier=db", "used")]
    [InlineData("label", "tier", "used")]
    [InlineData("name", "^fr", "free")]
    [InlineData("driver", "cloud", "")]
    public void List_Filter_Selects(string filter, string value, string expected)
    {
        Two();

        var found = _volumes.List(Filter(filter, value), usage: false, default).Volumes;

        Assert.Equal(expected, string.Join(' ', found.Select(volume => volume.Name)));
    }

    [Theory]
    [InlineData("colour", "red", "invalid filter 'colour'")]
    [InlineData("dangling", "perhaps", "invalid filter 'dangling=perhaps'")]
    public void List_WrongFilter_IsNamed(string filter, string value, string words) =>
        Assert.Equal(words, Assert.Throws<VitrineException>(() => _volumes.List(Filter(filter, value), usage: false, default)).Message);

    [Fact]
    public void List_WithUsage_Counts()
    {
        Two();
        File.WriteAllText(Path.Join(_volumes.Inspect("used").Mountpoint, "x"), "12345");

        var used = _volumes.List(Filter("name", "used"), usage: true, default).Volumes[0];

        Assert.Equal(new VolumeUsageData { RefCount = 1, Size = 5 }, used.UsageData);
    }

    [Fact]
    public void Remove_Used_IsAConflict()
    {
        Two();

        var error = Assert.Throws<VitrineException>(() => _volumes.Remove("used", force: true, default));

        Assert.Equal((ErrorKind.Conflict, "remove used: volume is in use - [c1]"), (error.Kind, error.Message));
    }

    [Theory]
    [InlineData(false, "anonymous")]
    [InlineData(true, "anonymous free")]
    public void Prune_LeavesNamedOnesUnlessAskedForAll(bool all, string expected)
    {
        Two();
        var anonymous = _volumes.Create(new VolumeCreateOptions()).Name;

        var report = _volumes.Prune(all ? Filter("all", "true") : s_all, default);

        Assert.Equal(expected, string.Join(' ', report.VolumesDeleted.Select(name => name == anonymous ? "anonymous" : name).Order()));
        Assert.Equal(all ? 1 : 2, _volumes.List(s_all, usage: false, default).Volumes.Count);
    }

    public void Dispose() => _root.Dispose();

    private void Two()
    {
        _volumes.Create(new VolumeCreateOptions { Name = "free" });
        _volumes.Create(new VolumeCreateOptions { Name = "used", Labels = new Dictionary<string, string> { ["tier"] = "db" } });
        _containers.Add(new ContainerRecord
        {
            Id = "c1",
            Name = "c1",
            Config = new ContainerConfig(),
            HostConfig = new HostConfig(),
            CgroupPath = "/c1",
            Mounts = [new ContainerMount { Type = "volume", Name = "used", Destination = "/x" }],
        });
    }

    private static Dictionary<string, IReadOnlyList<string>> Filter(string name, string value) => new() { [name] = [value] };
}

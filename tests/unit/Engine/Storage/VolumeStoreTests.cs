using Vitrine.Engine.Storage;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Storage;

public sealed class VolumeStoreTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly VolumeStore _volumes;
    private readonly StorePaths _paths;

    public VolumeStoreTests()
    {
        _paths = new StorePaths(_root["data"], _root["run"]);
        new ContainerStore(_paths).EnsureExists();
        _volumes = new VolumeStore(_paths, TimeProvider.System);
    }

    [Fact]
    public void Ensure_NewVolume_AppearsFilled()
    {
        Assert.True(_volumes.Ensure("data", anonymous: false, null, directory => File.WriteAllText(Path.Combine(directory, "x"), "1")));

        Assert.Equal("1", File.ReadAllText(Path.Combine(_paths.VolumeData("data"), "x")));
        Assert.Equal(["data"], _volumes.Names());
        Assert.False(_volumes.Find("data")!.Anonymous);
    }

    [Fact]
    public void Ensure_ExistingWithContent_IsLeftAsItIs()
    {
        _volumes.Ensure("data", anonymous: false, null, directory => File.WriteAllText(Path.Combine(directory, "x"), "1"));

        Assert.False(_volumes.Ensure("data", anonymous: false, null, _ => Assert.Fail("filled again")));
    }

    [Fact]
    public void Ensure_ExistingButEmpty_IsFilledAsDockerDoes()
    {
        _volumes.Ensure("data", anonymous: false, null, fill: null);
        _volumes.Ensure("data", anonymous: false, null, directory => File.WriteAllText(Path.Combine(directory, "x"), "1"));

        Assert.True(File.Exists(Path.Combine(_paths.VolumeData("data"), "x")));
    }

    [Fact]
    public void Ensure_FillingFails_LeavesNothing()
    {
        Assert.Throws<InvalidOperationException>(() => _volumes.Ensure("data", anonymous: false, null, _ => throw new InvalidOperationException()));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_paths.Volumes));
    }

    [Fact]
    public void Remove_Volume_IsGone()
    {
        _volumes.Ensure("data", anonymous: true, null, fill: null);

        _volumes.Remove("data");
        _volumes.Remove("never-was");

        Assert.Empty(Directory.EnumerateFileSystemEntries(_paths.Volumes));
    }

    public void Dispose() => _root.Dispose();
}

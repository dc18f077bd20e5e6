using Vitrine.Images;
using Vitrine.Images.Registry;
using Vitrine.Linux;
using Vitrine.Oci;
using Vitrine.Tests.Unit.Images.Tar;
using Xunit;

namespace Vitrine.Tests.Unit.Images;

/// <summary>Layers arrive in any order, also where one cannot be unpacked without another.</summary>
public sealed class PullOrderTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly FakeRegistry _registry = new();

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _root.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Pull_OfALinkIntoALayerThatArrivesLater_WaitsForThatLayer(int parallelism)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var image = RegistryImage.PushArchives(_registry, "v1",
            [Own(Item.File("file", "content")), Own(Item.HardLink("link", "file")), Own(Item.HardLink("third", "link"))]);
        using var isWaiting = new ManualResetEventSlim();
        _registry.Interfere = request =>
        {
            if (parallelism > 1 && request.Path.EndsWith(image.Layers[0].Digest.ToString(), StringComparison.Ordinal))
                isWaiting.Wait(TimeSpan.FromSeconds(60), CancellationToken.None);
            return null;
        };
        var options = new PullOptions
        {
            Registry = new RegistryOptions { RetryDelay = TimeSpan.FromMilliseconds(1), DockerConfigDirectory = _root.Path },
            Progress = new Watcher(step =>
            {
                if (step.Id == image.Layers[1].Digest.Short && step.Status == "Waiting")
                    isWaiting.Set();
            }),
            Parallelism = parallelism,
        };

        var result = await ImageStore.Open(_root.Path).PullAsync(ImageReference.Parse($"{_registry.Host}/app:v1"), options, cancellation);

        Assert.Equal(parallelism > 1, isWaiting.IsSet);
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(result.Image.LayerDirectories[2], "third"), cancellation));
    }

    /// <summary>The same blob twice in the chain, the second time on top of a layer that comes after it.</summary>
    [Fact]
    public async Task Pull_OfOneLayerTwice_LinksEachTimeToWhatIsBelow()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var link = Own(Item.HardLink("link", "file"));
        RegistryImage.PushArchives(_registry, "v1", [Own(Item.File("file", "one")), link, Own(Item.File("file", "two")), link]);
        var options = new PullOptions
        {
            Registry = new RegistryOptions { RetryDelay = TimeSpan.FromMilliseconds(1), DockerConfigDirectory = _root.Path },
            Parallelism = 1,
        };

        var result = await ImageStore.Open(_root.Path).PullAsync(ImageReference.Parse($"{_registry.Host}/app:v1"), options, cancellation);

        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(result.Image.LayerDirectories[1], "link"), cancellation));
        Assert.Equal("two", await File.ReadAllTextAsync(Path.Combine(result.Image.LayerDirectories[3], "link"), cancellation));
    }

    private byte[] Own(params Item[] items)
    {
        using var directory = FileAt.OpenDirectory(_root.Path);
        var self = FileAt.Status(directory, default);
        return Archive.Write(items.Select(item => item with { Uid = self.Uid, Gid = self.Gid }));
    }

    private sealed class Watcher(Action<ImageProgress> watch) : IProgress<ImageProgress>
    {
        public void Report(ImageProgress value) => watch(value);
    }
}

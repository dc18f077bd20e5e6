using Vitrine.Images;
using Vitrine.Images.Registry;
using Vitrine.Oci;
using Vitrine.Oci.Image;
using Xunit;

namespace Vitrine.Tests.Unit.Images;

public sealed class PullTests : IAsyncDisposable
{
    private static readonly (string, byte[])[] TwoLayers = [("base", "base content"u8.ToArray()), ("top", RegistryImage.Random(700_000, 1))];

    private readonly TemporaryDirectory _root = new();
    private readonly FakeRegistry _registry = new();
    private readonly ImageStore _store;
    private readonly List<ImageProgress> _progress = [];

    public PullTests() => _store = ImageStore.Open(_root.Path, static () => []);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _root.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pull_Image_BringsFilesNamesAndDigest(bool docker)
    {
        var image = RegistryImage.Push(_registry, "v1", TwoLayers, docker);

        var result = await PullAsync("team/app:v1");

        Assert.True(result.IsNewer);
        Assert.Equal(image.Id, result.Image.Id);
        Assert.Equal([$"{_registry.Host}/team/app:v1"], result.Image.RepoTags);
        Assert.Equal([$"{_registry.Host}/team/app@{image.Digest}"], result.Image.RepoDigests);
        Assert.Equal(TwoLayers[0].Item2.Length + TwoLayers[1].Item2.Length, result.Image.Size);
        Assert.Equal("base content", await File.ReadAllTextAsync(Path.Combine(result.Image.LayerDirectories[0], "base"), Cancellation));
        Assert.Equal(TwoLayers[1].Item2, await File.ReadAllBytesAsync(Path.Combine(result.Image.LayerDirectories[1], "top"), Cancellation));
        Assert.Equal(image.Manifest, _store.Blobs.ReadAll(image.Digest, 10_000));
        Assert.False(File.Exists(_root["images/garbage"]));
    }

    [Fact]
    public async Task Pull_Image_TellsItsStepsInDockersWords()
    {
        var image = RegistryImage.Push(_registry, "v1", TwoLayers);

        await PullAsync("team/app:v1");

        var lines = _progress.ConvertAll(step => step.ToString());
        Assert.Equal("v1: Pulling from team/app", lines[0]);
        Assert.Equal($"Digest: {image.Digest}", lines[^2]);
        Assert.Equal($"Status: Downloaded newer image for {_registry.Host}/team/app:v1", lines[^1]);
        foreach (var layer in image.Layers)
        {
            var steps = _progress.Where(step => step.Id == layer.Digest.Short).ToList();
            Assert.Equal("Pulling fs layer", steps[0].Status);
            Assert.Contains(steps, step => step is { Status: "Downloading" } && step.Current == layer.Size && step.Total == layer.Size);
            Assert.Contains(steps, step => step.Status == "Download complete");
            Assert.Equal("Pull complete", steps[^1].Status);
        }
    }

    [Fact]
    public async Task Pull_Again_AsksOnlyWhereTheTagLeads()
    {
        RegistryImage.Push(_registry, "v1", TwoLayers);
        await PullAsync("app:v1");
        _registry.Requests.Clear();

        var result = await PullAsync("app:v1");

        Assert.False(result.IsNewer);
        Assert.Equal(["HEAD /v2/app/manifests/v1"], _registry.Log);
        Assert.Equal($"Status: Image is up to date for {_registry.Host}/app:v1", _progress[^1].Status);
    }

    [Fact]
    public async Task Pull_TagThatMoved_FetchesOnlyWhatIsNew()
    {
        var old = RegistryImage.Push(_registry, "v1", TwoLayers);
        await PullAsync("app:v1");
        _registry.Requests.Clear();
        var recent = RegistryImage.Push(_registry, "v1", [TwoLayers[0], ("other", "other"u8.ToArray())]);

        var result = await PullAsync("app:v1");

        Assert.True(result.IsNewer);
        Assert.Contains(_progress, step => step == new ImageProgress("Already exists", old.Layers[0].Digest.Short));
        Assert.DoesNotContain($"GET /v2/app/blobs/{old.Layers[0].Digest}", _registry.Log);
        Assert.Contains($"GET /v2/app/blobs/{recent.Layers[1].Digest}", _registry.Log);
        Assert.True(_store.Get(old.Id.ToString()).IsDangling);
    }

    [Fact]
    public async Task Pull_LayerDirectoryLost_IsUnpackedFromItsBlob()
    {
        var image = RegistryImage.Push(_registry, "v1", TwoLayers);
        var pulled = (await PullAsync("app:v1")).Image;
        _store.Layers.Delete(image.ChainIds[0]);
        _registry.Requests.Clear();

        await _store.EnsureUnpackedAsync(pulled, Cancellation);

        Assert.True(File.Exists(Path.Combine(pulled.LayerDirectories[0], "base")));
        Assert.Empty(_registry.Requests);
    }

    [Fact]
    public async Task Pull_SameLayerTwice_FetchesItOnce()
    {
        var image = RegistryImage.Push(_registry, "v1", [TwoLayers[0], TwoLayers[1], TwoLayers[0]]);

        var result = await PullAsync("app:v1");

        Assert.Single(_registry.Log, request => request == $"GET /v2/app/blobs/{image.Layers[0].Digest}");
        Assert.All(result.Image.LayerDirectories, directory => Assert.Single(Directory.EnumerateFiles(directory)));
        Assert.Equal(3, result.Image.LayerDirectories.Distinct().Count());
    }

    [Fact]
    public async Task Pull_TwiceAtOnce_FetchesEachLayerOnce()
    {
        var image = RegistryImage.Push(_registry, "v1", TwoLayers);
        var asked = new System.Collections.Concurrent.ConcurrentBag<string>();
        _registry.Interfere = request =>
        {
            asked.Add(request.Path);
            return null;
        };

        var reference = ImageReference.Parse($"{_registry.Host}/team/app:v1");
        var second = ImageStore.Open(_root.Path, static () => []);
        await Task.WhenAll(
            Task.Run(() => PullAsync("team/app:v1"), Cancellation),
            Task.Run(() => second.PullAsync(reference, new PullOptions { Registry = Options }, Cancellation), Cancellation));

        Assert.All(image.Layers, layer => Assert.Single(asked, path => path.EndsWith(layer.Digest.ToString(), StringComparison.Ordinal)));
        Assert.Empty(Directory.GetFiles(_root["images/ingest"]));
    }

    [Fact]
    public async Task Pull_NoLayers_IsAnImage() =>
        Assert.Empty((await PullPushedAsync([])).Image.LayerDirectories);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pull_Index_TakesThisPlatformAndKeepsTheIndexDigest(bool docker)
    {
        var other = RegistryImage.Push(_registry, null, [("other", [1])], docker, "s390x");
        var ours = RegistryImage.Push(_registry, null, TwoLayers, docker);
        var index = RegistryImage.PushIndex(_registry, "v1", docker, (other, "s390x"), (ours, Platform.Host.Architecture));

        var result = await PullAsync("app:v1");

        Assert.Equal(ours.Id, result.Image.Id);
        Assert.Equal(index, result.Digest);
        Assert.Equal([$"{_registry.Host}/app@{index}"], result.Image.RepoDigests);
        Assert.Equal(other.Id, (await PullAsync("app:v1", Platform.Parse("linux/s390x"))).Image.Id);
    }

    [Fact]
    public async Task Pull_IndexWithoutThePlatform_SaysWhatThereIs()
    {
        var image = RegistryImage.Push(_registry, null, TwoLayers);
        RegistryImage.PushIndex(_registry, "v1", false, (image, "s390x"), (image, "riscv64"), (image, "unknown"));

        var error = await FailAsync("app:v1", Platform.Parse("linux/arm64"));

        Assert.Equal(ErrorKind.NotFound, error.Kind);
        Assert.Equal(
            $"no matching manifest for linux/arm64 in the manifest list entries of {_registry.Host}/app:v1: it has linux/s390x, linux/riscv64",
            error.Message);
    }

    [Fact]
    public async Task Pull_ImageOfAnotherPlatformThanAsked_IsRefused()
    {
        RegistryImage.Push(_registry, "v1", TwoLayers, architecture: "s390x");

        Assert.Equal(
            $"image with reference {_registry.Host}/app:v1 was found but its platform (linux/s390x) does not match the specified platform (linux/arm64)",
            (await FailAsync("app:v1", Platform.Parse("linux/arm64"))).Message);
    }

    [Fact]
    public async Task Pull_ByDigest_HasNoTag()
    {
        var image = RegistryImage.Push(_registry, null, TwoLayers);

        var result = await PullAsync($"app:ignored@{image.Digest}");

        Assert.Empty(result.Image.RepoTags);
        Assert.Equal([$"{_registry.Host}/app@{image.Digest}"], result.Image.RepoDigests);
    }

    [Fact]
    public async Task Pull_ByDigestOfOtherContent_IsRefused()
    {
        var image = RegistryImage.Push(_registry, "v1", TwoLayers);
        var asked = Digest.Of("other"u8);
        _registry.Interfere = request => request.Path.EndsWith(asked.ToString(), StringComparison.Ordinal)
            ? new FakeReply(200, image.Manifest, MediaTypes.OciManifest)
            : null;

        Assert.Equal(
            $"manifest verification failed for digest {asked}: its content has the digest {image.Digest}",
            (await FailAsync($"app@{asked}")).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pull_ConnectionsThatBreak_AreResumed(bool honoursRange)
    {
        var image = RegistryImage.Push(_registry, "v1", TwoLayers);
        var blob = image.Layers[1];
        var cuts = new Queue<int>([0, 100_000, 250_000, 1]);
        _registry.HonoursRange = honoursRange;
        _registry.Interfere = request => IsBlob(request, blob) && cuts.TryDequeue(out var cut) ? Cut(request, blob, cut, honoursRange) : null;

        await PullAsync("app:v1");

        var starts = _registry.Requests.Where(request => IsBlob(request, blob)).Select(request => request.Header("Range"));
        Assert.Equal(5, starts.Count());
        Assert.Null(starts.First());
        if (honoursRange)
            Assert.Equal($"bytes={100_000 + 250_000 + 1}-", starts.Last());
        Assert.Equal(TwoLayers[1].Item2, await File.ReadAllBytesAsync(
            Path.Combine(_store.Get($"{_registry.Host}/app:v1").LayerDirectories[1], "top"), Cancellation));
    }

    [Fact]
    public async Task Pull_ManifestAndConfigurationThatBreak_AreAskedForAgain()
    {
        var image = RegistryImage.Push(_registry, "v1", TwoLayers);
        var cut = new HashSet<string>();
        _registry.Interfere = request =>
            request.Path.EndsWith("manifests/v1", StringComparison.Ordinal) && cut.Add(request.Path)
                ? new FakeReply(200, image.Manifest, MediaTypes.OciManifest) { CutAfter = 10 }
                : request.Path.EndsWith(image.Id.ToString(), StringComparison.Ordinal) && cut.Add(request.Path)
                    ? new FakeReply(200, image.Config) { CutAfter = 10 }
                    : null;

        Assert.Equal(image.Id, (await PullAsync("app:v1")).Image.Id);

        Assert.Equal(2, cut.Count);
    }

    [Fact]
    public async Task Pull_ConnectionThatFallsSilent_IsResumed()
    {
        var image = RegistryImage.Push(_registry, "v1", TwoLayers);
        var blob = image.Layers[1];
        var silent = 1;
        _registry.Interfere = request => IsBlob(request, blob) && Interlocked.Exchange(ref silent, 0) == 1
            ? Cut(request, blob, int.MaxValue, true) with { SilentAfter = 5_000, CutAfter = null }
            : null;

        await PullAsync("app:v1", options: Options with { IdleTimeout = TimeSpan.FromMilliseconds(300) });

        Assert.Equal("bytes=5000-", _registry.Requests.Last(request => IsBlob(request, blob)).Header("Range"));
    }

    [Fact]
    public async Task Pull_ServerThatAlwaysBreaks_FailsAndLeavesNothing()
    {
        var image = RegistryImage.Push(_registry, "v1", TwoLayers);
        _registry.Interfere = request => IsBlob(request, image.Layers[1]) ? Cut(request, image.Layers[1], 0, true) : null;

        var error = await FailAsync("app:v1");

        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.StartsWith($"cannot reach registry {_registry.Host}: ", error.Message, StringComparison.Ordinal);
        AssertClean();
    }

    [Fact]
    public async Task Pull_WrongLayerContent_FailsAndLeavesNothing()
    {
        var image = RegistryImage.Push(_registry, "v1", TwoLayers);
        var content = RegistryImage.Random((int)image.Layers[1].Size, 9);
        _registry.Corrupt(image.Layers[1].Digest, content);

        var error = await FailAsync("app:v1");

        Assert.NotEqual(ErrorKind.Internal, error.Kind);
        AssertClean();
    }

    [Fact]
    public async Task Pull_LayerWithBytesAfterItsEnd_FailsByItsDigest()
    {
        // The archive in it is whole and right, so only the digest of the download can tell.
        var image = RegistryImage.Push(_registry, "v1", TwoLayers, change: manifest =>
            manifest with { Layers = [manifest.Layers[0], manifest.Layers[1] with { Size = manifest.Layers[1].Size + 4 }] });
        var blob = image.Layers[1];
        _registry.Corrupt(blob.Digest, [.. _registry.Content(blob.Digest), 0, 0, 0, 0]);

        var error = await FailAsync("app:v1");

        Assert.StartsWith($"filesystem layer verification failed for digest {blob.Digest}: its content has the digest", error.Message, StringComparison.Ordinal);
        AssertClean();
    }

    [Theory]
    [InlineData(429, "TOOMANYREQUESTS", "toomanyrequests: slow down")]
    [InlineData(503, "UNAVAILABLE", "unavailable: slow down")]
    public async Task Pull_BusyServer_IsAskedAgainAndThenGivenUp(int status, string code, string message)
    {
        RegistryImage.Push(_registry, "v1", TwoLayers);
        var refusals = 3;
        _registry.Interfere = _ => refusals-- > 0 ? FakeReply.Error(status, code, "slow down").With("Retry-After", "0") : null;

        await PullAsync("app:v1");
        refusals = int.MaxValue;
        var error = await FailAsync("app:v2");

        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.EndsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_Unknown_SpeaksAsDocker()
    {
        RegistryImage.Push(_registry, "v1", TwoLayers);

        var manifest = await FailAsync("app:v2");
        _registry.Interfere = static _ => FakeReply.Error(404, "NAME_UNKNOWN", "repository name not known to registry");
        var repository = await FailAsync("nothing");

        Assert.Equal((ErrorKind.NotFound, $"manifest for {_registry.Host}/app:v2 not found: manifest unknown: manifest unknown"),
            (manifest.Kind, manifest.Message));
        Assert.Equal((ErrorKind.NotFound, $"repository {_registry.Host}/nothing not found: name unknown: repository name not known to registry"),
            (repository.Kind, repository.Message));
    }

    [Fact]
    public async Task Pull_RegistryDown_NamesIt()
    {
        await _registry.DisposeAsync();

        var error = await FailAsync("app");

        Assert.Equal((ErrorKind.Unavailable, $"cannot reach registry {_registry.Host}: connection refused"), (error.Kind, error.Message));
    }

    [Fact]
    public async Task Pull_NoHost_NamesIt()
    {
        var error = await Assert.ThrowsAnyAsync<VitrineException>(
            () => _store.PullAsync(ImageReference.Parse("registry.invalid/app"), new PullOptions { Registry = Options }, Cancellation));

        Assert.StartsWith("cannot reach registry registry.invalid: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_ManifestWithoutEnd_IsBounded()
    {
        _registry.Interfere = static _ => new FakeReply(200, new byte[ManifestParser.MaxSize + 1], MediaTypes.OciManifest);

        Assert.Equal($"the registry's answer has more than {ManifestParser.MaxSize} bytes", (await FailAsync("app")).Message);
    }

    [Theory]
    [InlineData("foreign", "has a foreign layer")]
    [InlineData("media type", "unsupported media type application/x")]
    [InlineData("artifact", "is no image but an artifact of type application/x")]
    [InlineData("windows", "image operating system \"windows\" cannot be used on this platform")]
    [InlineData("count", "2 layers in its manifest, 1 in its configuration")]
    [InlineData("diff id", "diff id")]
    public async Task Pull_ImageThatCannotBe_IsRefusedAndLeavesNothing(string what, string reason)
    {
        RegistryImage.Push(_registry, "v1", TwoLayers,
            change: manifest => what switch
            {
                "foreign" => manifest with { Layers = [manifest.Layers[0] with { MediaType = MediaTypes.OciLayer.Replace("layer", "layer.nondistributable", StringComparison.Ordinal) }] },
                "media type" => manifest with { Layers = [manifest.Layers[0] with { MediaType = "application/x" }] },
                "artifact" => manifest with { Config = manifest.Config with { MediaType = "application/x" } },
                _ => manifest,
            },
            changeConfig: config => what switch
            {
                "windows" => config with { Os = "windows" },
                "count" => config with { RootFs = new ImageRootFs { DiffIds = [config.RootFs.DiffIds[0]] } },
                "diff id" => config with { RootFs = new ImageRootFs { DiffIds = [config.RootFs.DiffIds[0], Digest.Of("x"u8)] } },
                _ => config,
            });

        var error = await FailAsync("app:v1");

        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        AssertClean();
    }

    [Fact]
    public async Task Pull_Cancelled_LeavesNothing()
    {
        var image = RegistryImage.Push(_registry, "v1", TwoLayers);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _registry.Interfere = request =>
        {
            if (!IsBlob(request, image.Layers[1]))
                return null;
            cancel.CancelAfter(100);
            return Cut(request, image.Layers[1], 0, true) with { CutAfter = null, SilentAfter = 300_000 };
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.PullAsync(
            ImageReference.Parse($"{_registry.Host}/app:v1"), new PullOptions { Registry = Options }, cancel.Token));

        AssertClean();
    }

    private RegistryOptions Options => new() { RetryDelay = TimeSpan.FromMilliseconds(1), DockerConfigDirectory = _root.Path };

    private static bool IsBlob(FakeRequest request, Descriptor blob) => request.Path.EndsWith(blob.Digest.ToString(), StringComparison.Ordinal);

    private FakeReply Cut(FakeRequest request, Descriptor blob, int after, bool honoursRange)
    {
        var start = honoursRange && request.Header("Range") is { } range ? int.Parse(range.AsSpan("bytes=".Length..^1)) : 0;
        var content = _registry.Content(blob.Digest);
        var reply = new FakeReply(start > 0 ? 206 : 200, content[start..], "application/octet-stream") { CutAfter = after };
        return start > 0 ? reply.With("Content-Range", $"bytes {start}-{content.Length - 1}/{content.Length}") : reply;
    }

    private Task<PullResult> PullAsync(string name, Platform? platform = null, RegistryOptions? options = null)
    {
        var progress = new Recorder(_progress);
        return _store.PullAsync(
            ImageReference.Parse($"{_registry.Host}/{name}"),
            new PullOptions { Registry = options ?? Options, Platform = platform, Progress = progress },
            Cancellation);
    }

    private Task<PullResult> PullPushedAsync((string, byte[])[] files)
    {
        RegistryImage.Push(_registry, "v1", files);
        return PullAsync("app:v1");
    }

    private Task<VitrineException> FailAsync(string name, Platform? platform = null) =>
        Assert.ThrowsAnyAsync<VitrineException>(() => PullAsync(name, platform));

    private void AssertClean()
    {
        Assert.Empty(_store.List());
        Assert.Empty(Directory.EnumerateFiles(_root["images/blobs"], "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(_root["images/ingest"]));
        Assert.Empty(Directory.EnumerateDirectories(_root["layers"]));
        Assert.False(File.Exists(_root["images/garbage"]));
    }

    private sealed class Recorder(List<ImageProgress> steps) : IProgress<ImageProgress>
    {
        public void Report(ImageProgress value)
        {
            lock (steps)
                steps.Add(value);
        }
    }
}

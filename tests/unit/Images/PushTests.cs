using System.Text;
using Vitrine.Images;
using Vitrine.Images.Registry;
using Vitrine.Oci;
using Xunit;

namespace Vitrine.Tests.Unit.Images;

public sealed class PushTests : IAsyncDisposable
{
    private static readonly (string, byte[])[] TwoLayers = [("base", "base content"u8.ToArray()), ("top", RegistryImage.Random(600_000, 2))];

    private readonly TemporaryDirectory _root = new();
    private readonly FakeRegistry _registry = new();
    private readonly ImageStore _store;
    private readonly Dictionary<string, byte[]> _blobs = [];
    private readonly Dictionary<string, string> _manifests = [];
    private readonly List<ImageProgress> _progress = [];
    private byte[] _upload = [];
    private int _failures;

    public PushTests()
    {
        _store = ImageStore.Open(_root.Path, static () => []);
        _registry.Interfere = Answer;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _root.Dispose();
    }

    [Fact]
    public async Task Push_SendsEveryBlobOnce_AndTheManifestAsItIs()
    {
        var image = await PullAsync();

        var pushed = await PushAsync("new/app:v2");

        Assert.Equal(new PushResult("v2", image.Digest, image.Manifest.Length), Assert.Single(pushed));
        Assert.Equal(Encoding.Latin1.GetString(image.Manifest), _manifests["v2"]);
        foreach (var layer in image.Layers)
            Assert.Equal(layer.Digest, Digest.Of(_blobs[layer.Digest.ToString()]));
        Assert.Equal(image.Config, _blobs[image.Id.ToString()]);
        Assert.Contains($"{_registry.Host}/new/app@{image.Digest}", _store.Get(image.Id.ToString()).RepoDigests);
        Assert.Equal($"v2: digest: {image.Digest} size: {image.Manifest.Length}", _progress[^1].Status);

        _registry.Requests.Clear();
        await PushAsync("new/app:v2");

        Assert.DoesNotContain(_registry.Requests, static request => request.Method is "POST" or "PATCH");
        Assert.Contains(_progress, static step => step.Status == "Layer already exists");
    }

    [Fact]
    public async Task Push_ToTheSameRegistry_OffersTheRepositoryItCameFrom()
    {
        await PullAsync();

        await PushAsync("new/app:v2");

        Assert.All(_registry.Requests.Where(static request => request.Method == "POST").Take(2),
            static request => Assert.Contains("from=team%2Fapp", request.Query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Push_ThatBreaks_GoesOnWhereItWas()
    {
        await PullAsync();
        _failures = 1;

        await PushAsync("new/app:v2", parallelism: 1);

        var rest = Assert.Single(_registry.Requests, static request => request.Header("Content-Range") is not null);
        Assert.StartsWith("1000-", rest.Header("Content-Range"), StringComparison.Ordinal);
        Assert.All(_blobs, static blob => Assert.Equal(blob.Key, Digest.Of(blob.Value).ToString()));
    }

    [Fact]
    public async Task Push_WithoutTheRight_IsDeniedInOneLine()
    {
        await PullAsync();
        _registry.Interfere = static request => request.Path.Contains("new/app", StringComparison.Ordinal)
            ? FakeReply.Error(403, "DENIED", "requested access to the resource is denied") : null;

        var error = await Assert.ThrowsAnyAsync<VitrineException>(() => PushAsync("new/app:v2"));

        Assert.Equal(ErrorKind.Denied, error.Kind);
        Assert.StartsWith($"push access denied for {_registry.Host}/new/app", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_AsksForATokenThatMayPush()
    {
        await PullAsync();
        _registry.Interfere = request =>
        {
            if (request.Path == "/token")
                return FakeReply.Text(200, """{"token":"good"}""");
            return request.Header("Authorization") == "Bearer good"
                ? Answer(request)
                : FakeReply.Error(401, "UNAUTHORIZED", "authentication required").With("WWW-Authenticate", $"Bearer realm=\"http://{_registry.Host}/token\",service=\"s\"");
        };

        await PushAsync("new/app:v2");

        var asked = Assert.Single(_registry.Requests, static request => request.Path == "/token");
        Assert.Contains("scope=repository%3Anew%2Fapp%3Apull%2Cpush", asked.Query, StringComparison.Ordinal);
        Assert.Contains("scope=repository%3Ateam%2Fapp%3Apull", asked.Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing:v1", "An image does not exist locally with the tag: HOST/missing")]
    [InlineData("team/app@sha256:0000000000000000000000000000000000000000000000000000000000000000", "cannot push a digest reference")]
    public async Task Push_OfWhatIsNotHere_IsSaid(string name, string message)
    {
        await PullAsync();

        var error = await Assert.ThrowsAnyAsync<VitrineException>(() => _store.PushAsync(ImageReference.Parse($"{_registry.Host}/{name}"), Options(1), Cancellation));

        Assert.Equal(message.Replace("HOST", _registry.Host, StringComparison.Ordinal), error.Message);
    }

    private async Task<RegistryImage> PullAsync()
    {
        var image = RegistryImage.Push(_registry, "v1", TwoLayers);
        await _store.PullAsync(ImageReference.Parse($"{_registry.Host}/team/app:v1"), new PullOptions { Registry = Registry() }, Cancellation);
        _registry.Requests.Clear();
        return image;
    }

    private Task<IReadOnlyList<PushResult>> PushAsync(string name, int parallelism = 3)
    {
        var target = ImageReference.Parse($"{_registry.Host}/{name}");
        _store.Tag($"{_registry.Host}/team/app:v1", target);
        return _store.PushAsync(target, Options(parallelism), Cancellation);
    }

    private PushOptions Options(int parallelism) => new() { Parallelism = parallelism, Registry = Registry(), Progress = new Collector(_progress) };

    private RegistryOptions Registry() => new() { DockerConfigDirectory = _root["none"], RetryDelay = TimeSpan.FromMilliseconds(1) };

    /// <summary>The upload part of the distribution specification, for new/app: one upload at a time is enough where the order is fixed.</summary>
    private FakeReply? Answer(FakeRequest request)
    {
        if (!request.Path.StartsWith("/v2/new/app/", StringComparison.Ordinal))
            return null;
        lock (_blobs)
        {
            var name = request.Path[(request.Path.LastIndexOf('/') + 1)..];
            return request.Method switch
            {
                "HEAD" => _blobs.ContainsKey(name) ? new FakeReply(200, []) : FakeReply.Error(404, "BLOB_UNKNOWN", "blob unknown"),
                "POST" => new FakeReply(202, []).With("Location", $"/v2/new/app/blobs/uploads/{Guid.NewGuid():N}"),
                "PATCH" => Receive(request),
                "GET" => new FakeReply(204, []).With("Location", request.Path).With("Range", $"0-{_upload.Length - 1}"),
                "PUT" when request.Path.Contains("/manifests/", StringComparison.Ordinal) => Name(name, request.Body),
                "PUT" => Finish(request),
                _ => null,
            };
        }
    }

    private FakeReply Receive(FakeRequest request)
    {
        var body = Encoding.Latin1.GetBytes(request.Body);
        if (_failures > 0 && body.Length > 1000)
        {
            _failures--;
            _upload = body[..1000];
            return FakeReply.Error(500, "UNKNOWN", "the disk had a moment");
        }

        var before = request.Header("Content-Range") is { } range ? _upload[..int.Parse(range[..range.IndexOf('-')])] : [];
        _upload = [.. before, .. body];
        _blobs["upload " + request.Path] = _upload;
        return new FakeReply(202, []).With("Location", request.Path);
    }

    private FakeReply Finish(FakeRequest request)
    {
        _blobs.Remove("upload " + request.Path, out var content);
        var digest = Uri.UnescapeDataString(request.Query["digest=".Length..]);
        _blobs[digest] = content!;
        return new FakeReply(201, []);
    }

    private FakeReply Name(string tag, string manifest)
    {
        _manifests[tag] = manifest;
        return new FakeReply(201, []);
    }

    private sealed class Collector(List<ImageProgress> steps) : IProgress<ImageProgress>
    {
        public void Report(ImageProgress value)
        {
            lock (steps)
                steps.Add(value);
        }
    }
}

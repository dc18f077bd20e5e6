using Vitrine.Images.Manifests;
using Vitrine.Images.Registry;
using Vitrine.Oci;
using Vitrine.Oci.Image;
using Xunit;

namespace Vitrine.Tests.Unit.Images;

public sealed class ManifestDraftTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _config = new();
    private readonly FakeRegistry _registry = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _config.Dispose();
    }

    [Fact]
    public async Task List_IsCreatedAnnotatedPushedAndRemoved()
    {
        var intel = RegistryImage.Push(_registry, "intel", [("file", "1"u8.ToArray())], architecture: "amd64");
        var arm = RegistryImage.Push(_registry, "arm", [("file", "2"u8.ToArray())], architecture: "arm64");
        var draft = Draft("app:all");
        FakeRequest? pushed = null;
        _registry.Interfere = request =>
        {
            if (request.Method != "PUT")
                return null;
            pushed = request;
            return new FakeReply(201, []);
        };

        await draft.CreateAsync([Name("app:intel"), Name("app:arm")], amend: false, Cancellation);
        draft.Annotate(Name("app:arm"), new PlatformChange(null, null, "v8", null, null));
        var digest = await draft.PushAsync(Cancellation);

        Assert.Equal("/v2/app/manifests/all", pushed!.Path);
        Assert.Equal(MediaTypes.OciIndex, pushed.Header("Content-Type"));
        var index = Assert.IsType<ImageIndex>(ManifestParser.Parse(System.Text.Encoding.UTF8.GetBytes(pushed.Body), MediaTypes.OciIndex));
        Assert.Equal([intel.Digest, arm.Digest], index.Manifests.Select(static entry => entry.Digest));
        Assert.Equal(["linux/amd64", "linux/arm64/v8"], index.Manifests.Select(static entry => entry.Platform!.ToString()));
        Assert.All(index.Manifests, static entry => Assert.Null(entry.Annotations));
        Assert.Equal(digest, Digest.Of(System.Text.Encoding.UTF8.GetBytes(pushed.Body)));

        draft.Remove();
        Assert.False(draft.Exists);
    }

    [Fact]
    public async Task List_ThatIsThere_IsOnlyAmendedWhenAsked()
    {
        RegistryImage.Push(_registry, "one", [("file", "1"u8.ToArray())]);
        await Draft("app:all").CreateAsync([Name("app:one")], amend: false, Cancellation);

        var error = await Assert.ThrowsAnyAsync<VitrineException>(() => Draft("app:all").CreateAsync([Name("app:one")], amend: false, Cancellation));
        await Draft("app:all").CreateAsync([Name("app:one")], amend: true, Cancellation);

        Assert.Equal("refusing to amend an existing manifest list with no --amend flag", error.Message);
        Assert.Contains("does not exist in", Assert.ThrowsAny<VitrineException>(() => Draft("app:all").Annotate(Name("app:two"), new(null, null, null, null, null))).Message, StringComparison.Ordinal);
        Assert.StartsWith("No such manifest", Assert.ThrowsAny<VitrineException>(() => Draft("app:none").Remove()).Message, StringComparison.Ordinal);
    }

    private ImageReference Name(string name) => ImageReference.Parse($"{_registry.Host}/{name}");

    private ManifestDraft Draft(string name) => new(Name(name), _config.Path, new RegistryOptions { DockerConfigDirectory = _config.Path });
}

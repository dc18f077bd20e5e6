using System.Text;
using Vitrine.Images.Registry;
using Vitrine.Oci;
using Vitrine.Oci.Image;
using Xunit;

namespace Vitrine.Tests.Unit.Images;

public sealed class RegistryAuthTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _config = new();
    private readonly FakeRegistry _registry = new();

    public RegistryAuthTests() => _registry.AddManifest("{\"schemaVersion\":2,\"manifests\":[]}"u8.ToArray(), MediaTypes.OciIndex, "v1");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Bob => "Basic " + Convert.ToBase64String("bob:secret"u8);

    private string BearerChallenge => $"Bearer realm=\"http://{_registry.Host}/token?x=1\",service=\"the \\\"service\\\"\",scope=\"repository:app:pull\"";

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _config.Dispose();
    }

    [Fact]
    public async Task Basic_RightLogin_IsSentOnlyWhenAskedFor()
    {
        Login("""{"auths":{"HOST":{"auth":"Ym9iOnNlY3JldA=="}}}""");
        _registry.Interfere = request => Demand(request, Bob, "Basic realm=\"test\"");

        await GetAsync();

        Assert.Equal([null, Bob], _registry.Requests.Select(request => request.Header("Authorization")));
    }

    [Theory]
    [InlineData("""{"auths":{"https://HOST/v1/":{"auth":"Ym9iOnNlY3JldA=="}}}""")]
    [InlineData("""{"auths":{"http://HOST":{"username":"bob","password":"secret"}}}""")]
    public async Task Basic_OldFormsOfTheConfiguration_AreRead(string json)
    {
        Login(json);
        _registry.Interfere = request => Demand(request, Bob, "Basic realm=\"test\"");

        await GetAsync();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"auths":{"HOST":{"auth":"Ym9iOndyb25n"}}}""")]
    [InlineData("""{"auths":{"HOST":{}}}""")]
    public async Task Basic_WrongLoginOrNone_IsDenied(string json)
    {
        Login(json);
        _registry.Interfere = request => Demand(request, Bob, "Basic realm=\"test\"");

        var error = await Assert.ThrowsAnyAsync<VitrineException>(GetAsync);

        Assert.Equal(ErrorKind.Denied, error.Kind);
        Assert.Equal(
            $"pull access denied for {_registry.Host}/app, repository does not exist or may require 'docker login': unauthorized: log in",
            error.Message);
    }

    [Fact]
    public async Task Bearer_TokenService_GetsLoginServiceAndScope()
    {
        Login("""{"auths":{"HOST":{"auth":"Ym9iOnNlY3JldA=="}}}""");
        _registry.Interfere = request => request.Path == "/token"
            ? FakeReply.Text(200, """{"access_token":"t1"}""")
            : Demand(request, "Bearer t1", BearerChallenge);

        await GetAsync();

        var asked = Assert.Single(_registry.Requests, request => request.Path == "/token");
        Assert.Equal("x=1&service=the%20%22service%22&scope=repository%3Aapp%3Apull", asked.Query);
        Assert.Equal(Bob, asked.Header("Authorization"));
    }

    [Fact]
    public async Task Bearer_TokenThatExpires_IsRenewedOnce()
    {
        var valid = "t1";
        _registry.Interfere = request => request.Path == "/token"
            ? FakeReply.Text(200, $$"""{"token":"{{valid}}"}""")
            : Demand(request, $"Bearer {valid}", BearerChallenge);
        using var client = Client();

        await client.GetManifestAsync("v1", Cancellation);
        valid = "t2";
        await client.GetManifestAsync("v1", Cancellation);

        Assert.Equal(2, _registry.Log.Count(request => request == "GET /token"));
    }

    [Fact]
    public async Task Bearer_TokenThatIsNeverGood_IsDeniedAfterTwoTries()
    {
        var number = 0;
        _registry.Interfere = request => request.Path == "/token"
            ? FakeReply.Text(200, $$"""{"token":"t{{number++}}"}""")
            : Demand(request, "never", BearerChallenge);

        Assert.Equal(ErrorKind.Denied, (await Assert.ThrowsAnyAsync<VitrineException>(GetAsync)).Kind);

        Assert.Equal(2, number);
    }

    [Fact]
    public async Task Bearer_IdentityToken_IsExchanged()
    {
        Login("""{"auths":{"HOST":{"identitytoken":"refresh me"}}}""");
        _registry.Interfere = request => request.Path == "/token"
            ? FakeReply.Text(200, """{"access_token":"t1"}""")
            : Demand(request, "Bearer t1", BearerChallenge);

        await GetAsync();

        var asked = Assert.Single(_registry.Requests, request => request.Path == "/token");
        Assert.Equal("POST", asked.Method);
        Assert.Contains("grant_type=refresh_token&refresh_token=refresh+me", asked.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bearer_RegistryToken_IsSentAsItIs()
    {
        Login("""{"auths":{"HOST":{"registrytoken":"ready"}}}""");
        _registry.Interfere = request => Demand(request, "Bearer ready", BearerChallenge);

        await GetAsync();

        Assert.Equal(2, _registry.Requests.Count);
    }

    [Theory]
    [InlineData("Bearer service=\"x\"", "names no token service")]
    [InlineData("Bearer realm=\"ftp://x/\"", "names no token service")]
    [InlineData("Bearer realm=\"http://tokens.test/\"", "without encryption: refused")]
    [InlineData("Negotiate", "unauthorized: log in")]
    public async Task Challenge_ThatCannotBeAnswered_SaysWhy(string challenge, string reason)
    {
        Login("""{"auths":{"HOST":{"auth":"Ym9iOnNlY3JldA=="}}}""");
        _registry.Interfere = request => Demand(request, "never", challenge);

        Assert.Contains(reason, (await Assert.ThrowsAnyAsync<VitrineException>(GetAsync)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("{\"token\":\"a\\r\\nEvil: header\"}")]
    public async Task Bearer_AnswerWithoutToken_SaysSo(string answer)
    {
        _registry.Interfere = request => request.Path == "/token"
            ? FakeReply.Text(200, answer)
            : Demand(request, "never", BearerChallenge);

        Assert.EndsWith("did not include a token in the response",
            (await Assert.ThrowsAnyAsync<VitrineException>(GetAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_ToAnotherHost_CarriesNoLogin()
    {
        await using var storage = new FakeRegistry();
        var digest = storage.AddBlob("content"u8.ToArray());
        Login("""{"auths":{"HOST":{"auth":"Ym9iOnNlY3JldA=="}}}""");
        _registry.Interfere = request => Demand(request, Bob, "Basic realm=\"test\"")
            ?? new FakeReply(307, []).With("Location", $"http://{storage.Host}/v2/x/blobs/{digest}?signature=1");
        using var client = Client();

        var content = await client.GetBlobAsync(new Descriptor { MediaType = "x", Digest = digest, Size = 7 }, 100, Cancellation);

        Assert.Equal("content", Encoding.UTF8.GetString(content));
        var request = Assert.Single(storage.Requests);
        Assert.Null(request.Header("Authorization"));
        Assert.Equal("signature=1", request.Query);
    }

    [Fact]
    public async Task Redirect_WithinTheHost_KeepsTheLogin()
    {
        Login("""{"auths":{"HOST":{"auth":"Ym9iOnNlY3JldA=="}}}""");
        _registry.Interfere = request => Demand(request, Bob, "Basic realm=\"test\"")
            ?? (request.Path.Contains("/moved/", StringComparison.Ordinal) ? null : new FakeReply(301, []).With("Location", "/v2/moved/manifests/v1"));

        await GetAsync();

        Assert.Equal(Bob, _registry.Requests.Last().Header("Authorization"));
    }

    [Theory]
    [InlineData("http://elsewhere.test/", "redirects to http://elsewhere.test: refused")]
    [InlineData("file:///etc/passwd", "redirects to file://: refused")]
    [InlineData("/v2/app/manifests/v1", "stopped after 10 redirects")]
    public async Task Redirect_Unsafe_IsRefused(string location, string reason)
    {
        _registry.Interfere = _ => new FakeReply(302, []).With("Location", location);

        Assert.EndsWith(reason, (await Assert.ThrowsAnyAsync<VitrineException>(GetAsync)).Message, StringComparison.Ordinal);
    }

    private RegistryClient Client() => new(
        ImageReference.Parse($"{_registry.Host}/app:v1"),
        new RegistryOptions { DockerConfigDirectory = _config.Path, RetryDelay = TimeSpan.FromMilliseconds(1) },
        RegistryScope.Pull);

    private async Task GetAsync()
    {
        using var client = Client();
        Assert.IsType<ImageIndex>(ManifestParser.Parse((await client.GetManifestAsync("v1", Cancellation)).Content));
    }

    private static FakeReply? Demand(FakeRequest request, string authorization, string challenge) =>
        request.Header("Authorization") == authorization
            ? null
            : FakeReply.Error(401, "UNAUTHORIZED", "log in").With("WWW-Authenticate", challenge);

    private void Login(string json) =>
        File.WriteAllText(_config["config.json"], json.Replace("HOST", _registry.Host, StringComparison.Ordinal));
}

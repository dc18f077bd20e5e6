using FsCheck;
using FsCheck.Fluent;
using Vitrine.Images.Registry;
using Xunit;

namespace Vitrine.Tests.Unit.Images;

public sealed class RegistryConfigurationTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("localhost:5000", true)]
    [InlineData("127.0.0.1:5000", true)]
    [InlineData("127.8.8.8", true)]
    [InlineData("[::1]:5000", true)]
    [InlineData("10.1.2.3:5000", true)]
    [InlineData("11.1.2.3:5000", false)]
    [InlineData("plain.test", true)]
    [InlineData("plain.test:5000", true)]
    [InlineData("port.test:5000", true)]
    [InlineData("port.test", false)]
    [InlineData("other.test", false)]
    [InlineData("localhost.evil.test", false)]
    public void IsInsecure_Registry_FollowsLoopbackAndTheList(string registry, bool insecure) => Assert.Equal(
        insecure,
        new RegistryOptions { InsecureRegistries = ["plain.test", "port.test:5000", "10.0.0.0/8"] }.IsInsecure(registry));

    [Theory]
    [InlineData("docker.io", "https://mirror.test/ https://registry-1.docker.io/")]
    [InlineData("quay.io", "https://quay.io/")]
    [InlineData("localhost:5000", "http://localhost:5000/ https://localhost:5000/")]
    [InlineData("plain.test", "https://plain.test/ http://plain.test/")]
    public void Endpoints_OfARegistry_AreTriedInThisOrder(string registry, string expected)
    {
        var options = new RegistryOptions { InsecureRegistries = ["plain.test"], Mirrors = ["https://mirror.test"] };

        Assert.Equal(expected.Split(' '), RegistryEndpoint.Of(registry, options).Select(endpoint => endpoint.Address.ToString()));
    }

    [Theory]
    [InlineData("mirror.test")]
    [InlineData("ftp://mirror.test")]
    [InlineData("https://mirror.test/path")]
    [InlineData("http://mirror.test")]
    public void Endpoints_BadMirror_IsRefused(string mirror) => Assert.Equal(
        ErrorKind.Invalid,
        Assert.Throws<VitrineException>(() => RegistryEndpoint.Of("docker.io", new RegistryOptions { Mirrors = [mirror] })).Kind);

    [Fact]
    public void Options_ReadFromJson_KeepTheirOtherDefaults()
    {
        var options = RegistryOptions.Parse("""{"insecure-registries":["a.test"],"registry-mirrors":["https://b.test"]}"""u8);

        Assert.Equal(["a.test"], options.InsecureRegistries);
        Assert.Equal(["https://b.test"], options.Mirrors);
        Assert.Equal(TimeSpan.FromSeconds(60), options.IdleTimeout);
        Assert.Equal(TimeSpan.FromMilliseconds(500), options.RetryDelay);
    }

    [Fact]
    public void DockerConfig_Hub_IsKeptUnderItsOldAddress()
    {
        File.WriteAllText(_root["config.json"], """{"auths":{"https://index.docker.io/v1/":{"auth":"Ym9iOnNlY3JldA=="}}}""");

        Assert.Equal(new RegistryCredentials("bob", "secret"), DockerConfig.Load(_root.Path).Find("docker.io"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"auths":{"a.test":{"auth":"!"}}}""")]
    [InlineData("""{"auths":{"a.test":{"auth":"bm8gY29sb24="}}}""")]
    public void DockerConfig_Malformed_NamesTheFile(string json)
    {
        File.WriteAllText(_root["config.json"], json);

        var error = Assert.Throws<VitrineException>(() => DockerConfig.Load(_root.Path).Find("a.test"));

        Assert.StartsWith(_root["config.json"], error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-helper", "error getting credentials - err: exec: \"docker-credential-no-such-helper\": executable file not found in $PATH, out: ``")]
    [InlineData("../../bin/sh", "error getting credentials - err: \"docker-credential-../../bin/sh\" is no program name, out: ``")]
    public void CredentialHelper_ThatIsNotThere_SaysSoInDockersWords(string helper, string message)
    {
        File.WriteAllText(_root["config.json"], $$$"""{"credHelpers":{"a.test":"{{{helper}}}"}}""");

        Assert.Equal(message, Assert.Throws<VitrineException>(() => DockerConfig.Load(_root.Path).Find("a.test")).Message);
    }

    [Fact]
    public void Credentials_Printed_HideTheSecret() =>
        Assert.DoesNotContain("secret", new RegistryCredentials("bob", "secret").ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("realm=\"https://a/b\",service=\"s, t\",scope=x", "realm=https://a/b|service=s, t|scope=x")]
    [InlineData(" realm = \"a\\\"b\" , Service=\"\"", "realm=a\"b|Service=")]
    [InlineData("realm=\"open", "realm=open")]
    [InlineData("nothing", "")]
    [InlineData("=x,a=1,a=2", "a=1")]
    public void AuthChallenge_Parameters_AreRead(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', AuthChallenge.Parse(text).Select(pair => $"{pair.Key}={pair.Value}")));

    [Fact]
    public void AuthChallenge_AnyText_EndsAndQuotedValuesComeBack() => Prop.ForAll<string?, string?>((noise, value) =>
    {
        AuthChallenge.Parse(noise ?? "");
        var quoted = (value ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return AuthChallenge.Parse($"realm=\"{quoted}\",rest=1")["realm"] == (value ?? "");
    }).QuickCheckThrowOnFailure();
}

using Vitrine.Api.Endpoints;
using Vitrine.Api.Http;
using Vitrine.Api.Routing;
using Vitrine.Api.Serving;
using Vitrine.Secrets;
using Xunit;

namespace Vitrine.Tests.Unit.Api;

public sealed class RequestTests
{
    [Theory]
    [InlineData("/v1.44/containers/json?all=1", 44, "containers,json")]
    [InlineData("/_ping", 51, "_ping")]
    [InlineData("/v1.22/images/get", 22, "images,get")]
    [InlineData("http://docker/v1.24/info", 24, "info")]
    public void Target_HasVersionAndSegments(string target, int minor, string segments)
    {
        var parsed = RequestTarget.Parse(target);

        Assert.Equal((minor, segments), (parsed.Version.Minor, string.Join(',', parsed.Segments)));
    }

    [Theory]
    [InlineData("/v1.23/info", "client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version")]
    [InlineData("/v1.52/info", "client version 1.52 is too new. Maximum supported API version is 1.51")]
    [InlineData("/v2.0/info", "client version 2.0 is too new. Maximum supported API version is 1.51")]
    public void Target_OfAVersionThatIsNotSpoken_IsRefusedInDockersWords(string target, string message) =>
        Assert.Equal(message, Assert.Throws<VitrineException>(() => RequestTarget.Parse(target)).Message);

    [Theory]
    [InlineData("x=1", true)]
    [InlineData("x=True", true)]
    [InlineData("x=anything", true)]
    [InlineData("x=0", false)]
    [InlineData("x=no", false)]
    [InlineData("x=False", false)]
    [InlineData("x=", false)]
    [InlineData("y=1", false)]
    public void Flag_IsReadAsDockerDoes(string query, bool value) => Assert.Equal(value, RequestTarget.Parse("/info?" + query).Flag("x"));

    [Theory]
    [InlineData("""{"status":["exited","dead"]}""", "exited,dead")]
    [InlineData("""{"status":{"exited":true,"dead":false}}""", "exited")]
    [InlineData("null", "")]
    [InlineData("""{"status":null}""", "")]
    [InlineData("", "")]
    public void Filters_OldAndNew_AreRead(string json, string values) =>
        Assert.Equal(values, string.Join(',', FilterParameter.Parse(json).GetValueOrDefault("status") ?? []));

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"a":["b"]} x""")]
    [InlineData("""{"a":{"b":"c"}}""")]
    public void Filters_ThatAreNone_AreInvalid(string json) =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<VitrineException>(() => FilterParameter.Parse(json)).Kind);

    [Theory]
    [InlineData("", false)]
    [InlineData("T", true)]
    [InlineData("False", false)]
    [InlineData("yes", null)]
    public void Switch_IsReadAsGoDoes(string text, bool? value)
    {
        var target = RequestTarget.Parse("/networks/x?verbose=" + text);

        if (value is { } expected)
            Assert.Equal(expected, target.Switch("verbose"));
        else
            Assert.Equal(ErrorKind.Invalid, Assert.Throws<VitrineException>(() => target.Switch("verbose")).Kind);
    }

    [Theory]
    [InlineData("GET", "images/a/b/c/json", "/images/{name*}/json", "a/b/c")]
    [InlineData("POST", "images/reg:5000%2Fx/push", "/images/{name*}/push", "reg:5000/x")]
    [InlineData("GET", "images/json", "/images/json", null)]
    [InlineData("GET", "images/get", "/images/get", null)]
    [InlineData("DELETE", "containers/x", "/containers/{id}", "x")]
    [InlineData("POST", "containers/prune", "/containers/prune", null)]
    [InlineData("GET", "containers/x", null, null)]
    [InlineData("PATCH", "info", null, null)]
    public void Router_FindsTheOperation(string method, string path, string? pattern, string? value)
    {
        var found = Operations.All().Find(method, path.Split('/'));

        Assert.Equal((pattern, value), (found?.Route.Pattern, found?.Values.Values.FirstOrDefault()));
    }

    [Theory]
    [InlineData("1700000000.5", "2023-11-14T22:13:20.5000000+00:00")]
    [InlineData("1700000000", "2023-11-14T22:13:20.0000000+00:00")]
    [InlineData("2023-11-14T22:13:20Z", "2023-11-14T22:13:20.0000000+00:00")]
    [InlineData("0", null)]
    [InlineData("", null)]
    public void UnixTime_IsRead(string text, string? time) => Assert.Equal(time, UnixTime.Parse(text, "since")?.ToString("O"));

    [Fact]
    public void ProgressBar_IsDrawnAsDockerDoes()
    {
        Assert.Equal($"[{new string('=', 25)}>{new string(' ', 25)}]     50kB/100kB", ProgressBar.Draw(50_000, 100_000));
        Assert.Equal(" 1.234kB", ProgressBar.Draw(1234, 0));
        Assert.Equal("", ProgressBar.Draw(0, 0));
    }

    [Fact]
    public void AuditBody_IsJsonWithoutSecrets()
    {
        var mask = new TrafficMask(reveal: false);

        Assert.Matches("""^{"Env":\["DB_PASSWORD=\[hidden: 7 characters, #[0-9a-f]{8}\]","PATH=/bin"\],"n":1}$""", AuditBody.Of("""{"Env":["DB_PASSWORD=hunter2","PATH=/bin"],"n":1}"""u8, mask));
        Assert.Equal("(7 bytes that are no JSON)", AuditBody.Of("no json"u8, mask));
        Assert.Equal("(20000 bytes)", AuditBody.Of(new byte[20000], mask));
    }

    [Fact]
    public void ServerOptions_AreRead()
    {
        var options = ServerOptions.Parse(["serve", "-H", "unix:///a", "--host=fd://", "--group", "g", "--tlsverify", "-D"]);

        Assert.Equal(["unix:///a", "fd://"], options.Hosts);
        Assert.Equal(("g", true, true), (options.Group, options.TlsVerify, options.Debug));
        Assert.Throws<VitrineException>(() => ServerOptions.Parse(["--nonsense"]));
        Assert.Throws<VitrineException>(() => ServerOptions.Parse(["--host"]));
    }

    /// <summary>Every operation of docker's API that this engine has, by method and path.</summary>
    [Theory]
    [InlineData("POST containers/create")]
    [InlineData("GET containers/json")]
    [InlineData("POST containers/prune")]
    [InlineData("DELETE containers/x")]
    [InlineData("GET containers/x/archive")]
    [InlineData("HEAD containers/x/archive")]
    [InlineData("PUT containers/x/archive")]
    [InlineData("GET containers/x/changes")]
    [InlineData("GET containers/x/export")]
    [InlineData("GET containers/x/json")]
    [InlineData("POST containers/x/kill")]
    [InlineData("GET containers/x/logs")]
    [InlineData("POST containers/x/pause")]
    [InlineData("POST containers/x/rename")]
    [InlineData("POST containers/x/resize")]
    [InlineData("POST containers/x/restart")]
    [InlineData("POST containers/x/start")]
    [InlineData("GET containers/x/stats")]
    [InlineData("POST containers/x/stop")]
    [InlineData("GET containers/x/top")]
    [InlineData("POST containers/x/unpause")]
    [InlineData("POST containers/x/update")]
    [InlineData("POST containers/x/wait")]
    [InlineData("GET distribution/x/json")]
    [InlineData("POST containers/x/exec")]
    [InlineData("GET exec/x/json")]
    [InlineData("POST exec/x/resize")]
    [InlineData("POST build")]
    [InlineData("POST build/prune")]
    [InlineData("POST commit")]
    [InlineData("POST images/create")]
    [InlineData("GET images/get")]
    [InlineData("GET images/json")]
    [InlineData("POST images/load")]
    [InlineData("POST images/prune")]
    [InlineData("GET images/search")]
    [InlineData("DELETE images/x")]
    [InlineData("GET images/x/get")]
    [InlineData("GET images/x/history")]
    [InlineData("GET images/x/json")]
    [InlineData("POST images/x/push")]
    [InlineData("POST images/x/tag")]
    [InlineData("GET networks")]
    [InlineData("POST networks/create")]
    [InlineData("POST networks/prune")]
    [InlineData("DELETE networks/x")]
    [InlineData("GET networks/x")]
    [InlineData("POST networks/x/connect")]
    [InlineData("POST networks/x/disconnect")]
    [InlineData("POST session")]
    [InlineData("GET _ping")]
    [InlineData("HEAD _ping")]
    [InlineData("POST auth")]
    [InlineData("GET events")]
    [InlineData("GET info")]
    [InlineData("GET system/df")]
    [InlineData("GET version")]
    [InlineData("GET volumes")]
    [InlineData("POST volumes/create")]
    [InlineData("POST volumes/prune")]
    [InlineData("DELETE volumes/x")]
    [InlineData("GET volumes/x")]
    [InlineData("PUT volumes/x")]
    public void Operation_IsThere(string operation) =>
        Assert.NotNull(Operations.All().Find(operation.Split(' ')[0], operation.Split(' ')[1].Split('/')));
}

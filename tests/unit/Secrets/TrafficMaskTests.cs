using System.Text;
using Vitrine.Secrets;
using Xunit;

namespace Vitrine.Tests.Unit.Secrets;

public sealed class TrafficMaskTests
{
    private const string Secret = "hunter2-Zq81xW";

    private readonly TrafficMask _mask = new(reveal: false);

    [Theory]
    [InlineData($$"""{"Env":["DB_PASSWORD={{Secret}}","HOME=/root"]}""")]
    [InlineData($$"""{"Cmd":["redis-server","--requirepass","{{Secret}}"]}""")]
    [InlineData($$"""{"Cmd":["sh","-c","curl -u me:{{Secret}} x"]}""")]
    [InlineData($$"""{"username":"me","password":"{{Secret}}","serveraddress":"r"}""")]
    [InlineData($$"""{"auth":"{{Secret}}"}""")]
    [InlineData($$"""{"identitytoken":"{{Secret}}"}""")]
    [InlineData($$"""{"Labels":{"app.secret":"{{Secret}}"} }""")]
    [InlineData($$"""{"a":[{"b":"postgres://u:{{Secret}}@db/x"}]}""")]
    [InlineData($$"""{"a":"https://u:{{Secret}}@host/x?token=abc123"}""")]
    [InlineData($$"""{"a":"https://u:a={{Secret}}@host/x?token=abc123"}""")]
    public void Json_Secret_IsNotInIt(string json)
    {
        var shown = _mask.Json(Encoding.UTF8.GetBytes(json))!;

        Assert.DoesNotContain(Secret, shown, StringComparison.Ordinal);
        Assert.Contains("hidden", shown, StringComparison.Ordinal);
        Assert.Contains(Secret, new TrafficMask(reveal: true).Json(Encoding.UTF8.GetBytes(json)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Id":"b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184","Cmd":["echo","hi"],"n":1.50,"t":true,"z":null}""")]
    [InlineData("""{"Image":"sha256:b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184","Names":["/web"]}""")]
    public void Json_NoSecret_StaysAsItIs(string json) => Assert.Equal(json, _mask.Json(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("no json")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    public void Json_None_IsNull(string text) => Assert.Null(_mask.Json(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Credentials_InHeadersAndParameters_AreHidden()
    {
        foreach (var name in new[] { "X-Registry-Auth", "authorization", "X-Registry-Config", "Cookie" })
            Assert.DoesNotContain(Secret, _mask.Header(name, Secret), StringComparison.Ordinal);
        Assert.Equal("e30=", _mask.Header("X-Registry-Auth", "e30="));
        Assert.Equal("docker", _mask.Header("User-Agent", "docker"));
        Assert.DoesNotContain(Secret, _mask.Parameter("buildargs", $"{{\"API_TOKEN\":\"{Secret}\"}}"), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, _mask.Parameter("remote", $"https://me:{Secret}@git.example/x"), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, _mask.Line($"starting with --password={Secret}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/containers/json?all=1&filters=%7B%22status%22%3A%5B%22exited%22%5D%7D", "/containers/json?all=1&filters=%7B%22status%22%3A%5B%22exited%22%5D%7D")]
    [InlineData("/images/create?fromSrc=-&repo=a", "/images/create?fromSrc=-&repo=a")]
    [InlineData("/info", "/info")]
    public void Target_WithoutSecrets_StaysAsItWasSent(string target, string shown) => Assert.Equal(shown, _mask.Target(target));

    [Theory]
    [InlineData($"/images/create?fromSrc=https%3A%2F%2Fme%3A{Secret}%40h%2Fx.tar&repo=a")]
    [InlineData($"/build?t=a&buildargs=%7B%22API_TOKEN%22%3A%22{Secret}%22%7D")]
    [InlineData($"/x?password={Secret}")]
    [InlineData($"/x?%70assword={Secret}")]
    [InlineData($"/x?remote=https://me:{Secret}@h/x?token=abc123")]
    public void Target_WithASecret_HidesIt(string target) => Assert.DoesNotContain(Secret, _mask.Target(target), StringComparison.Ordinal);
}

using System.Text;
using Vitrine.Insight.Traffic;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Traffic;

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

    [Fact]
    public void View_FramesThatComeInPieces_AreShownByLine()
    {
        var shown = new List<string>();
        var view = new BodyView(_mask, "application/vnd.docker.multiplexed-stream", isStream: true, shown.Add);
        byte[] bytes = [1, 0, 0, 0, 0, 0, 0, 6, .. "one\ntw"u8, 2, 0, 0, 0, 0, 0, 0, 4, .. "err\n"u8];

        foreach (var one in bytes)
            view.Add(new[] { one });
        view.End();

        Assert.Equal(["stdout: one", "stdout: tw", "stderr: err"], shown);
    }

    [Fact]
    public void View_JsonStream_IsShownAsItComes_AndOtherThingsByTheirSize()
    {
        var shown = new List<string>();
        var view = new BodyView(_mask, "application/json", isStream: true, shown.Add);

        view.Add("{\"a\":1}\r\n{\"b\":"u8.ToArray());
        Assert.Equal(["{\"a\":1}"], shown);
        view.Add("2}"u8.ToArray());
        view.End();
        Assert.Equal(["{\"a\":1}", "{\"b\":2}"], shown);

        shown.Clear();
        var tar = new BodyView(_mask, "application/x-tar", isStream: false, shown.Add);
        tar.Add(new byte[2048]);
        tar.End();
        Assert.Equal(["(2 KiB of application/x-tar)"], shown);
    }
}

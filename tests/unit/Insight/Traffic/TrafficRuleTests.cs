using System.Text;
using System.Text.Json;
using Vitrine.Insight.Traffic;
using Vitrine.Insight.Traffic.Rules;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Traffic;

public sealed class TrafficRuleTests
{
    private static readonly TrafficRule s_readOnly = new ReadOnlyRule();
    private static readonly TrafficRule s_noExec = new NoExecRule();
    private static readonly TrafficRule s_noArchive = new NoArchiveRule();
    private static readonly TrafficRule s_noHost = new NoHostRule();
    private static readonly TrafficRule s_own = OwnLabelRule.Parse("team=a");

    [Theory]
    [InlineData("GET /events")]
    [InlineData("GET /containers/x/archive?path=/")]
    [InlineData("HEAD /containers/x/archive?path=/")]
    public async Task ReadOnly_Reading_Passes(string call) => Assert.Null(await Judge(s_readOnly, call));

    [Theory]
    [InlineData("POST /containers/create")]
    [InlineData("DELETE /volumes/x")]
    [InlineData("PUT /containers/x/archive")]
    [InlineData("GET /containers/x/attach/ws")]
    public async Task ReadOnly_Changing_IsRefused(string call) => Assert.NotNull(await Judge(s_readOnly, call));

    [Theory]
    [InlineData("POST /containers/x/exec", true)]
    [InlineData("POST /exec/x/start", true)]
    [InlineData("POST /containers/x/attach", true)]
    [InlineData("GET /containers/x/attach/ws", true)]
    [InlineData("GET /exec/x/json", false)]
    [InlineData("POST /containers/x/start", false)]
    public async Task NoExec(string call, bool refused) => Assert.Equal(refused, await Judge(s_noExec, call) is not null);

    [Theory]
    [InlineData("GET /containers/x/archive", true)]
    [InlineData("PUT /containers/x/archive", true)]
    [InlineData("GET /containers/x/export", true)]
    [InlineData("GET /images/team/app/get", true)]
    [InlineData("GET /images/get", true)]
    [InlineData("POST /images/load", true)]
    [InlineData("POST /commit", true)]
    [InlineData("GET /images/team/app/json", false)]
    [InlineData("GET /containers/x/changes", false)]
    public async Task NoArchive(string call, bool refused) => Assert.Equal(refused, await Judge(s_noArchive, call) is not null);

    [Theory]
    [InlineData("""{"Image":"a"}""")]
    [InlineData("""{"HostConfig":{"Binds":["data:/d"],"NetworkMode":"bridge","Privileged":false,"CapAdd":["NET_BIND_SERVICE"],"MaskedPaths":null,"Devices":[]}}""")]
    [InlineData("""{"HostConfig":{"Mounts":[{"Type":"volume","Source":"data","Target":"/d"},{"Type":"tmpfs","Target":"/t"}],"SecurityOpt":["no-new-privileges"]}}""")]
    [InlineData("""{"HostConfig":{"PidMode":"container:calm","VolumesFrom":["calm:ro"]}}""")]
    public async Task NoHost_ContainedContainer_Passes(string body) => Assert.Null(await Judge(s_noHost, "POST /containers/create", body));

    [Theory]
    [InlineData("""{"HostConfig":{"Binds":["/:/host"]}}""")]
    [InlineData("""{"HostConfig":{"Binds":["data:/d","./x:/x"]}}""")]
    [InlineData("""{"hostconfig":{"BINDS":["/:/host"]}}""")]
    [InlineData("""{"HoſtConfig":{"Bindſ":["/:/host"]}}""")]
    [InlineData("""{"HostConfig":{"Binds":["/:/host"]},"HostConfig":{"Binds":[]}}""")]
    [InlineData("""{"HostConfig":{"Mounts":[{"Type":"bind","Source":"/","Target":"/h"}]}}""")]
    [InlineData("""{"HostConfig":{"Mounts":[{"Source":"/","Target":"/h"}]}}""")]
    [InlineData("""{"HostConfig":{"Mounts":[{"Type":"volume","Type":"bind","Source":"/","Target":"/h"}]}}""")]
    [InlineData("""{"HostConfig":{"Mounts":[{"Type":"volume","VolumeOptions":{"DriverConfig":{"Options":{"type":"none","o":"bind","device":"/"}}}}]}}""")]
    [InlineData("""{"HostConfig":{"Privileged":true}}""")]
    [InlineData("""{"HostConfig":{"PidMode":"host"}}""")]
    [InlineData("""{"HostConfig":{"UsernsMode":"host"}}""")]
    [InlineData("""{"HostConfig":{"NetworkMode":"host"}}""")]
    [InlineData("""{"HostConfig":{"NetworkMode":"container:wild"}}""")]
    [InlineData("""{"HostConfig":{"VolumesFrom":["wild"]}}""")]
    [InlineData("""{"HostConfig":{"Devices":[{"PathOnHost":"/dev/sda"}]}}""")]
    [InlineData("""{"HostConfig":{"DeviceCgroupRules":["c *:* rwm"]}}""")]
    [InlineData("""{"HostConfig":{"CapAdd":["cap_sys_admin"]}}""")]
    [InlineData("""{"HostConfig":{"CapAdd":["ALL"]}}""")]
    [InlineData("""{"HostConfig":{"SecurityOpt":["seccomp=unconfined"]}}""")]
    [InlineData("""{"HostConfig":{"MaskedPaths":[]}}""")]
    [InlineData("""{"HostConfig":{"CgroupParent":"/"}}""")]
    [InlineData("""{"HostConfig":{"Runtime":"other"}}""")]
    public async Task NoHost_ContainerThatReachesOut_IsRefused(string body) => Assert.NotNull(await Judge(s_noHost, "POST /containers/create", body));

    [Theory]
    [InlineData("POST /volumes/create", """{"Name":"v","DriverOpts":{"device":"/","o":"bind","type":"none"}}""", true)]
    [InlineData("POST /volumes/create", """{"Name":"v","Driver":"local","DriverOpts":{}}""", false)]
    [InlineData("POST /containers/x/exec", """{"Privileged":true,"Cmd":["sh"]}""", true)]
    [InlineData("POST /containers/x/exec", """{"Privileged":false,"Cmd":["sh"]}""", false)]
    [InlineData("POST /containers/x/start", """{"Binds":["/:/h"]}""", true)]
    [InlineData("POST /containers/x/start", "{}", false)]
    [InlineData("POST /containers/x/update", """{"Memory":1}""", false)]
    [InlineData("POST /containers/x/update", """{"Devices":[{"PathOnHost":"/dev/mem"}]}""", true)]
    [InlineData("POST /build?networkmode=host", "", true)]
    [InlineData("POST /plugins/pull", "", true)]
    public async Task NoHost_OtherCalls(string call, string body, bool refused) => Assert.Equal(refused, await Judge(s_noHost, call, body) is not null);

    [Theory]
    [InlineData("GET /containers/mine/json", false)]
    [InlineData("POST /containers/mine/start", false)]
    [InlineData("DELETE /containers/wild", true)]
    [InlineData("GET /containers/wild/json", true)]
    [InlineData("GET /containers/nobody/json", false)]
    [InlineData("POST /exec/e-mine/start", false)]
    [InlineData("POST /exec/e-wild/start", true)]
    [InlineData("GET /volumes/mine", false)]
    [InlineData("DELETE /volumes/theirs", true)]
    [InlineData("GET /networks/bridge", false)]
    [InlineData("DELETE /networks/bridge", true)]
    [InlineData("POST /commit?container=wild", true)]
    [InlineData("POST /commit?container=mine", false)]
    [InlineData("POST /commit?container=mine&container=wild", true)]
    [InlineData("GET /images/json", false)]
    [InlineData("POST /images/create?fromImage=a", false)]
    [InlineData("DELETE /images/a", true)]
    [InlineData("POST /images/prune", true)]
    [InlineData("POST /build", true)]
    [InlineData("GET /system/df", true)]
    [InlineData("POST /swarm/init", true)]
    [InlineData("GET /version", false)]
    public async Task Own_OnlyWhatCarriesTheLabel(string call, bool refused) => Assert.Equal(refused, await Judge(s_own, call) is not null);

    [Theory]
    [InlineData("""{"HostConfig":{"VolumesFrom":["wild"]}}""", true)]
    [InlineData("""{"HostConfig":{"PidMode":"container:wild"}}""", true)]
    [InlineData("""{"HostConfig":{"Binds":["theirs:/d"]}}""", true)]
    [InlineData("""{"HostConfig":{"Mounts":[{"Type":"volume","Source":"theirs"}]}}""", true)]
    [InlineData("""{"HostConfig":{"Links":["wild:db"]}}""", true)]
    [InlineData("""{"HostConfig":{"Binds":["mine:/d","unmade:/e"],"NetworkMode":"default"}}""", false)]
    public async Task Own_NewContainersNeighbours_MustBeOwned(string body, bool refused) =>
        Assert.Equal(refused, await Judge(s_own, "POST /containers/create", body) is not null);

    [Fact]
    public async Task Own_NewThing_GetsTheLabel()
    {
        var body = TrafficBody.TryRead("""{"Image":"a","labels":{"x":"1","team":"b"},"Labels":{"y":"2"}}"""u8.ToArray())!;

        Assert.Null(await s_own.RefusalAsync(Call("POST /containers/create"), body, new FakeEngine()));

        Assert.Equal("""{"Image":"a","Labels":{"x":"1","y":"2","team":"a"}}""", Encoding.UTF8.GetString(body.Bytes.Span));
        Assert.True(body.IsChanged);
    }

    [Theory]
    [InlineData("GET /containers/json", """{"label":{"team=a":true}}""")]
    [InlineData("GET /containers/json?filters=%7B%22label%22%3A%5B%22x%22%5D%2C%22status%22%3A%7B%22exited%22%3Atrue%7D%7D", """{"label":{"x":true,"team=a":true},"status":{"exited":true}}""")]
    [InlineData("GET /events?filters=%7B%7D&filters=%7B%22x%22%3A%5B%5D%7D", """{"label":{"team=a":true}}""")]
    public async Task Own_Lists_AreNarrowed(string line, string filters)
    {
        var call = Call(line);

        Assert.Null(await s_own.RefusalAsync(call, TrafficBody.None, new FakeEngine()));

        Assert.Equal(filters, Assert.Single(call.Query, pair => pair.Key == "filters").Value);
    }

    [Fact]
    public async Task Own_Name_BecomesTheIdThatWasJudged()
    {
        var call = Call("DELETE /v1.43/containers/mine?force=1");

        Assert.Null(await s_own.RefusalAsync(call, TrafficBody.None, new FakeEngine()));

        Assert.Equal("DELETE /v1.43/containers/id-of-mine?force=1 HTTP/1.1", call.ToRequestLine());
    }

    private static EngineCall Call(string line) => EngineCall.TryParse(line + " HTTP/1.1")!;

    private static Task<string?> Judge(TrafficRule rule, string line, string body = "") =>
        rule.RefusalAsync(Call(line), TrafficBody.TryRead(Encoding.UTF8.GetBytes(body))!, new FakeEngine());

    /// <summary>An engine with a container of ours, one that reaches the host, a calm one, and volumes.</summary>
    private sealed class FakeEngine : IEngineQuestions
    {
        private static readonly Dictionary<string, string> s_things = new()
        {
            ["containers/mine/json"] = """{"Id":"id-of-mine","Config":{"Labels":{"team":"a"}}}""",
            ["containers/calm/json"] = """{"Id":"c","Config":{"Labels":{}},"HostConfig":{"PidMode":""},"Mounts":[{"Type":"volume"}]}""",
            ["containers/wild/json"] = """{"Id":"w","Config":{"Labels":{"team":"b"}},"HostConfig":{"NetworkMode":"host"},"Mounts":[{"Type":"bind"}]}""",
            ["exec/e-mine/json"] = """{"ContainerID":"mine"}""",
            ["exec/e-wild/json"] = """{"ContainerID":"wild"}""",
            ["volumes/mine"] = """{"Name":"mine","Labels":{"team":"a"}}""",
            ["volumes/theirs"] = """{"Name":"theirs","Labels":null}""",
            ["networks/bridge"] = """{"Id":"n","Name":"bridge","Labels":{}}""",
        };

        public Task<JsonElement?> GetAsync(string version, params string[] segments) =>
            Task.FromResult<JsonElement?>(s_things.TryGetValue(string.Join('/', segments), out var text) ? JsonDocument.Parse(text).RootElement : null);
    }
}

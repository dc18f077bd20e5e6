using System.Text.Json;
using Vitrine.Runtime.Containers;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime.Containers;

public sealed class ContainerRecordTests
{
    private static readonly ContainerRecord s_record = new()
    {
        Id = "a", OciVersion = "1.2.0", Bundle = "/b \"x\"\n", Rootfs = "/b/r", Created = "2026-01-01T00:00:00Z", Pid = 5, StartTime = ulong.MaxValue,
        Cgroup = "/c", HasHooks = true, Annotations = new Dictionary<string, string> { ["k\t"] = "v\u0001é" },
    };

    [Fact]
    public void Record_WrittenAndRead_IsTheSame()
    {
        var read = ContainerRecord.Parse(s_record.ToJson());
        Assert.Equal(s_record with { Annotations = read.Annotations }, read);
        Assert.Equal(s_record.Annotations, read.Annotations);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"id\":\"\"}")]
    [InlineData("{\"id\":\"a\",\"pid\":\"5\"}")]
    [InlineData("{\"id\":\"a\"} x")]
    public void Record_ThatIsNone_IsRefused(string text) =>
        Assert.ThrowsAny<JsonException>(() => ContainerRecord.Parse(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void State_OfAHook_IsOneLineOfJson()
    {
        var text = System.Text.Encoding.UTF8.GetString(StateText.ForHook(s_record, ContainerStatus.Creating));
        Assert.DoesNotContain('\n', text);
        using var state = JsonDocument.Parse(text);
        Assert.Equal("creating", state.RootElement.GetProperty("status").GetString());
        Assert.Equal(5, state.RootElement.GetProperty("pid").GetInt32());
        Assert.Equal("v\u0001é", state.RootElement.GetProperty("annotations").GetProperty("k\t").GetString());
    }

    [Fact]
    public void JsonText_IsLaidOutAsGos()
    {
        var json = new JsonText(indented: true).Object().Text("a", "b").Array("c").EndArray().Array("d").Number(null, 1L).EndArray().Object("e").EndObject().EndObject();
        Assert.Equal("{\n  \"a\": \"b\",\n  \"c\": [],\n  \"d\": [\n    1\n  ],\n  \"e\": {}\n}", json.ToString());
        Assert.Equal("[1,2]", new JsonText().Array().Number(null, 1L).Number(null, 2L).EndArray().ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    [InlineData("é")]
    public void Store_MalformedId_IsRefused(string id) => Assert.Throws<VitrineException>(() => new ContainerStore("/nowhere").Of(id));

    [Fact]
    public void Store_UnknownId_DoesNotExist() =>
        Assert.Equal("container does not exist", Assert.Throws<VitrineException>(() => new ContainerStore("/nowhere").Find("a")).Message);
}

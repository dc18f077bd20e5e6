using System.Text.Json;
using Vitrine.Engine.Docker;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Docker;

public sealed class DockerJsonTests
{
    /// <summary>What docker 28's CLI sends for <c>docker create busybox true</c>, shortened.</summary>
    private const string FromCli = """
        {"Hostname":"","Domainname":"","User":"","AttachStdin":false,"AttachStdout":true,"AttachStderr":true,"Tty":false,
        "OpenStdin":false,"StdinOnce":false,"Env":null,"Cmd":["true"],"Image":"busybox","Volumes":{},"WorkingDir":"",
        "Entrypoint":null,"OnBuild":null,"Labels":{},"HostConfig":{"Binds":null,"ContainerIDFile":"","LogConfig":{"Type":"","Config":{}},
        "NetworkMode":"default","PortBindings":{},"RestartPolicy":{"Name":"no","MaximumRetryCount":0},"AutoRemove":false,
        "VolumeDriver":"","VolumesFrom":null,"ConsoleSize":[24,80],"CapAdd":null,"CapDrop":null,"CgroupnsMode":"","Dns":[],
        "Memory":0,"NanoCpus":0,"BlkioWeightDevice":[],"MemorySwappiness":-1,"OomKillDisable":false,"PidsLimit":0,"Ulimits":[],
        "MaskedPaths":null,"ReadonlyPaths":null},"NetworkingConfig":{"EndpointsConfig":{"default":{"IPAMConfig":null,"Links":null}}}}
        """;

    [Fact]
    public void Read_RequestOfTheDockerCli_IsUnderstood()
    {
        var request = JsonSerializer.Deserialize(FromCli, DockerJson.Default.ContainerCreateRequest)!;

        Assert.Equal(["true"], request.Cmd!);
        Assert.Equal("busybox", request.Image);
        Assert.Equal([24, 80], request.HostConfig!.ConsoleSize!);
        Assert.Equal(0, request.HostConfig.PidsLimit);
        Assert.True(request.NetworkingConfig!.EndpointsConfig!.ContainsKey("default"));
    }

    [Fact]
    public void Read_NullsWhereGoHasValues_AreGosZeroValues()
    {
        var request = JsonSerializer.Deserialize(
            """{"Hostname":null,"Tty":null,"StopTimeout":null,"HostConfig":{"Memory":null,"NetworkMode":null,"OomScoreAdj":null}}""",
            DockerJson.Default.ContainerCreateRequest)!;

        Assert.Equal("", request.Hostname);
        Assert.False(request.Tty);
        Assert.Null(request.StopTimeout);
        Assert.Equal((0L, "", 0), (request.HostConfig!.Memory, request.HostConfig.NetworkMode, request.HostConfig.OomScoreAdj));
    }

    [Fact]
    public void Read_FieldsLeftOut_AreGosZeroValues()
    {
        var request = JsonSerializer.Deserialize("""{"HostConfig":{"RestartPolicy":{},"Mounts":[{}],"LogConfig":{},"Devices":[{}],"Ulimits":[{}]}}""", DockerJson.Default.ContainerCreateRequest)!;

        Assert.Equal(("", "", "", ""), (request.Hostname, request.User, request.Image, request.WorkingDir));
        var host = request.HostConfig!;
        Assert.Equal(("", "", "", ""), (host.NetworkMode, host.CpusetCpus, host.UtsMode, host.CgroupParent));
        Assert.Equal(("", "", "", ""), (host.RestartPolicy!.Name, host.LogConfig!.Type, host.Devices![0].CgroupPermissions, host.Ulimits![0].Name));
    }

    [Theory]
    [InlineData("""{"Cmd":"one"}""", "one")]
    [InlineData("""{"Cmd":["one","two"]}""", "one two")]
    [InlineData("""{"cmd":[]}""", "")]
    public void Read_CommandAsStringOrList_IsAList(string json, string expected) =>
        Assert.Equal(expected, string.Join(' ', JsonSerializer.Deserialize(json, DockerJson.Default.ContainerCreateRequest)!.Cmd!));

    [Theory]
    [InlineData("""{"Cmd":5}""")]
    [InlineData("""{"Cmd":[5]}""")]
    [InlineData("""{"Hostname":5}""")]
    [InlineData("[]")]
    public void Read_WrongTypes_AreRefused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, DockerJson.Default.ContainerCreateRequest));

    [Fact]
    public void Write_HostConfig_HasDockersFieldsInDockersOrder()
    {
        using var document = JsonDocument.Parse(JsonSerializer.Serialize(
            new ContainerCreateRequest { HostConfig = new HostConfig { Memory = 5 } }, DockerJson.Default.ContainerCreateRequest));

        var names = document.RootElement.GetProperty("HostConfig").EnumerateObject().Select(field => field.Name).ToList();

        Assert.Equal(["Binds", "ContainerIDFile", "LogConfig", "NetworkMode", "PortBindings", "RestartPolicy"], names[..6]);
        Assert.Equal(["UTSMode", "UsernsMode", "ShmSize"], names.SkipWhile(name => name != "UTSMode").Take(3));
        Assert.Equal(["MaskedPaths", "ReadonlyPaths"], names[^2..]);
        Assert.DoesNotContain("Sysctls", names);
    }

    [Fact]
    public void Write_Indented_UsesFourSpacesAndDoesNotEscape()
    {
        var json = JsonSerializer.Serialize(new TopResponse { Titles = ["a<b>&'"], Processes = [] }, DockerJson.Indented.TopResponse);

        Assert.Contains("\n    \"Titles\"", json, StringComparison.Ordinal);
        Assert.Contains("a<b>&'", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "1970-01-01T00:00:00Z")]
    [InlineData(15_000_000, "1970-01-01T00:00:01.5Z")]
    public void DockerTime_Format_IsGosRfc3339Nano(long ticks, string expected) =>
        Assert.Equal(expected, DockerTime.Format(DateTimeOffset.UnixEpoch.AddTicks(ticks)));

    [Fact]
    public void DockerTime_Never_IsGosZeroTime() => Assert.Equal("0001-01-01T00:00:00Z", DockerTime.Format(null));
}

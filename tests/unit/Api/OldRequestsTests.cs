using System.Text.Json;
using Vitrine.Api.Routing;
using Vitrine.Api.Wire;
using Vitrine.Engine.Docker;
using Xunit;

namespace Vitrine.Tests.Unit.Api;

public sealed class OldRequestsTests
{
    private const string Request = """
        {"Image":"i","Healthcheck":{"Test":["CMD","x"],"StartInterval":5},
        "HostConfig":{"AutoRemove":true,"KernelMemoryTCP":5,"ConsoleSize":[1,2],"Annotations":{"a":"b"},"NetworkMode":"n",
        "Mounts":[{"Type":"bind","Source":"/s","Target":"/t","BindOptions":{"NonRecursive":true,"CreateMountpoint":true}}]},
        "NetworkingConfig":{"EndpointsConfig":{"n":{"GwPriority":3,"MacAddress":"02:42:ac:11:00:09"}}}}
        """;

    [Theory]
    [InlineData(24, "shareable")]
    [InlineData(25, "shareable,remove")]
    [InlineData(39, "shareable,remove")]
    [InlineData(40, "tcp,remove,nonrecursive")]
    [InlineData(42, "tcp,remove,nonrecursive,create,console")]
    [InlineData(43, "tcp,remove,nonrecursive,create,console,annotations")]
    [InlineData(44, "tcp,remove,nonrecursive,create,console,annotations,interval,mac")]
    [InlineData(47, "tcp,remove,nonrecursive,create,console,annotations,interval,mac")]
    [InlineData(48, "tcp,remove,nonrecursive,create,console,annotations,interval,mac,priority")]
    public void Create_HasTheFieldsOfItsVersion(int minor, string fields)
    {
        var (adapted, _) = Create(Request, minor);
        var (host, mount, endpoint) = (adapted.HostConfig!, adapted.HostConfig!.Mounts![0].BindOptions!, adapted.NetworkingConfig!.EndpointsConfig!["n"]);
        (bool IsThere, string Name)[] all =
        [
            (host.IpcMode == "shareable", "shareable"), (host.KernelMemoryTcp == 5, "tcp"), (host.AutoRemove, "remove"), (mount.NonRecursive, "nonrecursive"),
            (mount.CreateMountpoint, "create"), (host.ConsoleSize is not null, "console"), (host.Annotations is not null, "annotations"),
            (adapted.Healthcheck!.StartInterval == 5, "interval"), (endpoint.MacAddress.Length > 0, "mac"), (endpoint.GwPriority == 3, "priority"),
        ];

        Assert.Equal(fields, string.Join(',', all.Where(field => field.IsThere).Select(field => field.Name)));
    }

    [Theory]
    [InlineData(43, """{"NetworkingConfig":{"EndpointsConfig":{"a":{},"b":{}}}}""", "Container cannot be created with multiple network endpoints: a, b")]
    [InlineData(43, """{"HostConfig":{"Mounts":[{"Type":"bind","BindOptions":{"ReadOnlyForceRecursive":true}}]}}""", "BindOptions.ReadOnlyForceRecursive needs API v1.44 or newer")]
    [InlineData(44, """{"HostConfig":{"Mounts":[{"Type":"volume","VolumeOptions":{"Subpath":"x"}}]}}""", "VolumeOptions.Subpath needs API v1.45 or newer")]
    [InlineData(47, """{"HostConfig":{"Mounts":[{"Type":"image"}]}}""", "Mount type \"Image\" needs API v1.48 or newer")]
    [InlineData(42, """{"HostConfig":{"Mounts":[{"Type":"bind","TmpfsOptions":{}}]}}""", "TmpfsOptions must not be specified on mount type \"bind\"")]
    [InlineData(51, """{"MacAddress":"02:42:ac:11:00:01","HostConfig":{"NetworkMode":"n"},"NetworkingConfig":{"EndpointsConfig":{"n":{"MacAddress":"02:42:ac:11:00:02"}}}}""", "the container-wide MAC address must match the endpoint-specific MAC address for the main network, or be left empty")]
    public void Create_ThatItsVersionDoesNotHave_IsRefused(int minor, string request, string message) =>
        Assert.Equal(message, Assert.Throws<VitrineException>(() => Create(request, minor)).Message);

    [Fact]
    public void Create_OfTheNewest_IsWarnedOfTheOldAddress_WhichGoesToTheMainNetwork()
    {
        const string Old = """{"MacAddress":"02:42:ac:11:00:01","HostConfig":{"NetworkMode":"n"},"NetworkingConfig":{"EndpointsConfig":{"n":{}}}}""";

        var (adapted, warning) = Create(Old, 51);

        Assert.Equal("02:42:ac:11:00:01", adapted.NetworkingConfig!.EndpointsConfig!["n"].MacAddress);
        Assert.Contains("now deprecated", warning, StringComparison.Ordinal);
        Assert.Null(Create(Old, 43).Warning);
        Assert.Equal("02:42:ac:11:00:01", Create(Old, 43).Request.NetworkingConfig!.EndpointsConfig!["n"].MacAddress);
    }

    [Fact]
    public void Mounts_OfOldVersions_LoseOptionsOfOtherKinds()
    {
        var (adapted, _) = Create("""{"HostConfig":{"Mounts":[{"Type":"bind","VolumeOptions":{"NoCopy":true},"TmpfsOptions":{}}]}}""", 41);

        Assert.Equal((null, null), (adapted.HostConfig!.Mounts![0].VolumeOptions, adapted.HostConfig.Mounts[0].TmpfsOptions));
    }

    private static (ContainerCreateRequest Request, string? Warning) Create(string json, int minor) =>
        OldRequests.Create(JsonSerializer.Deserialize(json, DockerJson.Default.ContainerCreateRequest)!, new ApiVersion(minor));
}

using System.Text.Json.Nodes;
using Vitrine.Api.Routing;
using Vitrine.Api.Wire;
using Xunit;

namespace Vitrine.Tests.Unit.Api;

public sealed class OldVersionsTests
{
    private const string Summary = """
        {"Id":"x","State":"running","ImageManifestDescriptor":{},"HostConfig":{"NetworkMode":"n","Annotations":{"a":"b"}},"NetworkSettings":{"Networks":{"n":{"DNSNames":["x"],"GwPriority":1}}}}
        """;

    [Fact]
    public void Container_OfTheVersionThatIsAsNow_IsUnchanged_AndOfTheOneBeforeIsNot()
    {
        Assert.Equal(JsonNode.Parse(Summary)!.ToJsonString(), Adapted(OldVersions.ContainerSince));
        Assert.NotEqual(JsonNode.Parse(Summary)!.ToJsonString(), Adapted(OldVersions.ContainerSince - 1));
    }

    private static string Adapted(int minor)
    {
        var container = JsonNode.Parse(Summary)!.AsObject();
        OldVersions.Container(container, RequestTarget.Parse($"/v1.{minor}/containers/json").Version);
        return container.ToJsonString();
    }
}

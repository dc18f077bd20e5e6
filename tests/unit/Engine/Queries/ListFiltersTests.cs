using Vitrine.Engine.Docker;
using Vitrine.Engine.Queries;
using Vitrine.Engine.Running;
using Vitrine.Engine.Storage;
using Vitrine.ShimProtocol;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Queries;

public sealed class ListFiltersTests
{
    private static readonly DateTimeOffset Day = DateTimeOffset.UnixEpoch;

    private static readonly Container[] All =
    [
        Make("a1", "web", 1, ContainerStatus.Running, layers: ["l1"], labels: new() { ["tier"] = "front", ["env"] = "prod" }),
        Make("b2", "db", 2, ContainerStatus.Exited, code: 1, layers: ["l1", "l2"], labels: new() { ["tier"] = "back" }),
        Make("c3", "web-old", 3, ContainerStatus.Created, image: "other", network: "host"),
    ];

    [Theory]
    [InlineData("name=web", "web,web-old")]
    [InlineData("name=^web$", "web")]
    [InlineData("name=[", "")]
    [InlineData("name=[ name=db", "db")]
    [InlineData("name=^/web$", "web")]
    [InlineData("id=b", "db")]
    [InlineData("label=tier", "web,db")]
    [InlineData("label=tier=front", "web")]
    [InlineData("label=tier label=env=prod", "web")]
    [InlineData("status=exited status=created", "db,web-old")]
    [InlineData("exited=1", "db")]
    [InlineData("exited=0", "")]
    [InlineData("before=db", "web")]
    [InlineData("since=db", "web-old")]
    [InlineData("network=host", "web-old")]
    [InlineData("volume=data", "web,db,web-old")]
    [InlineData("volume=/data/", "web,db,web-old")]
    [InlineData("volume=nothing", "")]
    [InlineData("ancestor=base", "web,db")]
    [InlineData("ancestor=other", "web-old")]
    [InlineData("health=none", "web,db,web-old")]
    [InlineData("health=healthy", "")]
    [InlineData("is-task=true", "")]
    [InlineData("publish=80", "")]
    [InlineData("publish=8080", "web")]
    [InlineData("publish=8000-9000/tcp", "web")]
    [InlineData("publish=8080/udp", "")]
    [InlineData("expose=80", "web")]
    [InlineData("expose=50-60/udp", "db")]
    [InlineData("network=front", "web")]
    [InlineData("network=f0", "web")]
    [InlineData("name=web status=running", "web")]
    public void Matches_Filter_ChoosesWhatDockerPsDoes(string text, string expected)
    {
        var filters = Filters(text).Checked();

        Assert.Equal(expected, string.Join(',', All.Where(filters.Matches).Select(container => container.Record.Name)));
    }

    [Theory]
    [InlineData("colour=red", "invalid filter 'colour'")]
    [InlineData("status=asleep", "invalid filter 'status=asleep'")]
    [InlineData("exited=one", "invalid filter 'exited=one'")]
    [InlineData("health=fine", "invalid filter 'health=fine'")]
    [InlineData("publish=x", "invalid filter 'publish=x'")]
    [InlineData("expose=90-80", "invalid filter 'expose=90-80'")]
    public void Checked_UnknownFilterOrValue_IsRefused(string text, string expected)
    {
        var error = Assert.Throws<VitrineException>(() => Filters(text).Checked());

        Assert.Equal(expected, error.Message);
    }

    [Fact]
    public void ImpliesAll_StatusFilter_IncludesThoseThatDoNotRun()
    {
        Assert.True(Filters("status=exited").ImpliesAll);
        Assert.False(Filters("name=x").ImpliesAll);
    }

    private static ListFilters Filters(string text)
    {
        var filters = text.Split(' ').Select(one => one.Split('=', 2)).GroupBy(pair => pair[0], pair => pair[1])
            .ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group]);
        return new ListFilters(filters, name => All.Single(container => container.Record.Name == name),
            image => image == "base" ? new ImageIdentity("sha256:base", ["l1"]) : null, Networks);
    }

    /// <summary>web publishes a port on a network, db has one for others on its own.</summary>
    private static ListedNetworks Networks(Container container)
    {
        IReadOnlyList<Port> ports = container.Record.Name switch
        {
            "web" => [new Port { PrivatePort = 80, PublicPort = 8080, Type = "tcp" }],
            "db" => [new Port { PrivatePort = 53, Type = "udp" }],
            _ => [],
        };
        var (name, id) = container.Record.Name == "web" ? ("front", "f00d") : (container.Record.HostConfig.NetworkMode, "");
        return new ListedNetworks(new Dictionary<string, EndpointSettings> { [name] = new EndpointSettings { NetworkId = id } }, ports);
    }

    private static Container Make(string id, string name, int day, ContainerStatus status, int code = 0, string image = "base",
        string network = "none", string[]? layers = null, Dictionary<string, string>? labels = null)
    {
        var record = new ContainerRecord
        {
            Id = id,
            Name = name,
            Created = Day.AddDays(day),
            ImageId = layers is ["l1"] ? "sha256:base" : "sha256:x",
            Layers = layers ?? [],
            Config = new ContainerConfig { Image = image, Labels = labels, ExposedPorts = new Dictionary<string, EmptyObject> { ["80/tcp"] = default } },
            HostConfig = new HostConfig { NetworkMode = network },
            Mounts = [new() { Type = "volume", Name = "data", Destination = "/data" }],
            CgroupPath = "/test/" + id,
        };
        return new Container(record, new ContainerState { Status = status, ExitCode = code }, new ContainerPaths("/none", "/none"));
    }
}

using System.Net;
using Vitrine.Network;
using Xunit;

namespace Vitrine.Tests.Unit.Network;

public sealed class LeasesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("vitrine-leases-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Take_GivesTheLowestFree_PassesOverGatewayAndAuxiliary_UntilNoneIsLeft()
    {
        var (leases, plan) = Network("10.9.0.0/29", auxiliary: "10.9.0.2");

        Assert.Equal("10.9.0.3", Take("a"));
        Assert.Equal("10.9.0.4", Take("b"));
        Leases.Release(Paths, plan.Network.Id, "10.9.0.3");
        Assert.Equal("10.9.0.3", Take("c"));
        Assert.Equal("10.9.0.5", Take("d"));
        Assert.Equal("10.9.0.6", Take("e"));
        Assert.Contains("no available IPv4 addresses", Assert.Throws<NetworkException>(() => Take("f")).Message, StringComparison.Ordinal);

        string Take(string name) => leases.Take(plan, ("", ""), name, [name]).Ip;
    }

    [Fact]
    public void Take_PrefersTheLastAddress_AndRefusesOthersAndTaken()
    {
        var (leases, plan) = Network("10.9.0.0/24");

        Assert.Equal("10.9.0.77", leases.Take(plan, ("10.9.0.77", ""), "a", []).Ip);
        Assert.Equal("10.9.0.2", leases.Take(plan, ("10.9.0.77", ""), "b", []).Ip);
        Assert.Equal("Address already in use: 10.9.0.77", Failure("10.9.0.77"));
        Assert.StartsWith("no configured subnet contains IP address 10.10.0.1", Failure("10.10.0.1"), StringComparison.Ordinal);
        Assert.StartsWith("no configured subnet contains IP address 10.9.0.255", Failure("10.9.0.255"), StringComparison.Ordinal);

        string Failure(string ip) => Assert.Throws<NetworkException>(() => leases.Take(plan with { Ip = ip }, ("", ""), "c", [])).Message;
    }

    [Fact]
    public void Records_SurviveTheirFiles()
    {
        var (_, plan) = Network("10.9.0.0/24", auxiliary: "10.9.0.9");
        var whole = new NetworkPlan
        {
            Id = "id", Name = "a \"b\"\n", DataRoot = "/d", ExecRoot = "/e", Endpoints = [plan], Dns = ["1.1.1.1"],
            Ports = [new PortPlan("tcp", 80, "", 8000, 8010)],
        };

        var read = NetworkPlan.From(JsonMap.Parse(whole.ToJson().ToUtf8()));

        Assert.Equal(whole.Name, read.Name);
        Assert.Equal(whole.Ports, read.Ports);
        Assert.Equal(whole.Dns, read.Dns);
        Assert.Equal(plan.Network.V4!.Subnet, read.Endpoints[0].Network.V4!.Subnet);
        Assert.Equal(plan.Network.V4.Auxiliary, read.Endpoints[0].Network.V4!.Auxiliary);
    }

    private NetworkPaths Paths => new(Path.Join(_directory, "data"), Path.Join(_directory, "run"));

    private (Leases Leases, EndpointPlan Plan) Network(string subnet, string? auxiliary = null)
    {
        Subnet.TryParse(subnet, out var block, out _);
        var others = new Dictionary<string, IPAddress>();
        if (auxiliary is not null)
            others["other"] = IPAddress.Parse(auxiliary);
        var network = new NetworkRecord
        {
            Name = "net", Id = new string('a', 64), Created = "", Driver = "bridge", Interface = "br-x",
            Blocks = [new AddressBlock(block, null, block.Address(block.Base + 1), others)],
        };
        return (new Leases(Paths, network), new EndpointPlan { Network = network });
    }
}

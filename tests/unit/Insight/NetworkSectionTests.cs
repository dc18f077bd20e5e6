using FsCheck;
using FsCheck.Fluent;
using Vitrine.Insight.Networks;
using Vitrine.Linux.Netlink;
using Vitrine.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Insight;

/// <summary>How a container's network is joined to the host's.</summary>
public sealed class NetworkSectionTests
{
    [Theory]
    [InlineData("any4", "0600000000500000", "0a09000200500000", "inet t any4 { tcp . 80 : 10.9.0.2 . 80 }")]
    [InlineData("on4", "7f0000011100000000350000", "0a09000200350000", "inet t on4 { 127.0.0.1 . udp . 53 : 10.9.0.2 . 53 }")]
    [InlineData("any6", "8400000000500000", "fd00000000000000000000000000000200500000", "inet t any6 { sctp . 80 : fd00::2 . 80 }")]
    [InlineData("on6", "fd0000000000000000000000000000010600000000500000", "fd00000000000000000000000000000200500000", "inet t on6 { fd00::1 . tcp . 80 : fd00::2 . 80 }")]
    public void Element_IsReadAsNftPrintsIt(string map, string key, string data, string text) =>
        Assert.Equal(text, PortMaps.Read(new NftMap("t", map), new NftElement(map, Convert.FromHexString(key), Convert.FromHexString(data)))?.Element);

    [Fact]
    public void AnyElement_IsReadOrLeftOut() => Prop.ForAll<byte[], byte[]>((key, data) =>
    {
        foreach (var map in (string[])["any4", "on4", "any6", "on6", "other"])
            PortMaps.Read(new NftMap("t", map), new NftElement(map, key ?? [], data ?? []));
    }).Check(Properties.Config());

    [Fact]
    public void Pairs_AreInterfacesThatHaveEachOthersNumber()
    {
        LinkInfo[] outside = [Link(4, "br0", 0), Link(9, "vt-a", 2) with { PeerNamespace = 3, Master = 4 }, Link(10, "vt-b", 2) with { PeerNamespace = 7 }, Link(11, "vlan", 9)];
        LinkInfo[] inside = [Link(1, "lo", 0), Link(2, "eth0", 9)];

        var pair = Assert.Single(NetworkPairs.Match(outside, inside, 3));

        Assert.Equal(("eth0", "vt-a", "br0"), (pair.Inside.Name, pair.Outside.Name, pair.Bridge));
        Assert.Empty(NetworkPairs.Match(outside, inside, 7));
    }

    [Fact]
    public void ContainerWithAnothersNetwork_HasThatOnesNames()
    {
        using var host = SampleContainer.Host();

        var network = host.Explain(SampleContainer.Pid, SampleContainer.Hints with { Id = "another" }).Network;

        Assert.Equal(["3f2a9c0d1e4b", "db", "store", "web"], network.Names.Select(name => name.Name));
        Assert.Contains(network.Facts, fact => fact.Source.StartsWith($"/run/vitrine/sandboxes/{SampleContainer.Id}/state.json", StringComparison.Ordinal));
    }

    [Fact]
    public void ContainerOfAnotherEngine_HasPairsAndNoNames()
    {
        using var host = SampleContainer.Host();

        var network = host.Explain(SampleContainer.Pid).Network;

        Assert.Equal("vt3f2a9c0d1e", network.Interfaces.Single(device => device.Name == "eth0").HostInterface);
        Assert.Empty(network.Names);
    }

    [Fact]
    public void DamagedState_IsAsIfItWereNotThere()
    {
        using var host = SampleContainer.Host().File($"/run/vitrine/sandboxes/{SampleContainer.Id}/state.json", "{\"endpoints\":[{");

        Assert.Empty(host.Explain(SampleContainer.Pid, SampleContainer.Hints).Network.Names);
    }

    [Fact]
    public void Routes6_AreThoseToOthers()
    {
        const string zero = "00000000000000000000000000000000";
        var text = $"fd000000000000000000000000000000 40 {zero} 00 {zero} 00000100 00000001 00000000 00000001     eth0\n"
            + $"{zero} 00 {zero} 00 fd000000000000000000000000000001 00000400 00000002 00000000 00000003     eth0\n"
            + $"fd000000000000000000000000000002 80 {zero} 00 {zero} 00000000 00000002 00000000 80200001     eth0\n"
            + $"ff000000000000000000000000000000 08 {zero} 00 {zero} 00000100 00000002 00000000 00000001     eth0\n"
            + $"{zero} 00 {zero} 00 {zero} ffffffff 00000001 00000000 00200200       lo\nnonsense\n";

        Assert.Equal(["fd00::/64  eth0", "::/0 fd00::1 eth0"],
            NetTables.ParseRoutes6(System.Text.Encoding.ASCII.GetBytes(text)).Select(route => $"{route.Destination}/{route.Prefix} {route.Gateway} {route.Interface}"));
    }

    private static LinkInfo Link(int index, string name, int peer) => new(index, name, "veth", "", true, 0, peer, 1500);
}

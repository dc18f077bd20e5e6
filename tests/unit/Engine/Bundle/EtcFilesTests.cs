using Vitrine.Engine.Bundle;
using Vitrine.Engine.Docker;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Bundle;

public sealed class EtcFilesTests
{
    [Fact]
    public void Hosts_OwnNetwork_HasLocalhostAndTheAddedOnes()
    {
        var lines = EtcFiles.Hosts(["db:10.0.0.5", "six:[fe80::1]", "eq=10.0.0.6"], null).Split('\n');

        Assert.Equal("127.0.0.1\tlocalhost", lines[0]);
        Assert.Equal(["10.0.0.5\tdb", "fe80::1\tsix", "10.0.0.6\teq", ""], lines[^4..]);
    }

    [Fact]
    public void Hosts_HostNetwork_KeepsTheHostsFile() =>
        Assert.Equal("1.2.3.4 me\n10.0.0.5\tdb\n", EtcFiles.Hosts(["db:10.0.0.5"], "1.2.3.4 me"));

    [Fact]
    public void Hostname_WithDomain_IsQualified() =>
        Assert.Equal("box.example\n", EtcFiles.Hostname(new ContainerConfig { Hostname = "box", Domainname = "example" }));

    [Fact]
    public void ResolvConf_NothingAsked_IsTheHosts() => Assert.Equal("nameserver 9.9.9.9\n", EtcFiles.ResolvConf(new HostConfig(), "nameserver 9.9.9.9\n"));

    [Fact]
    public void ResolvConf_ServersAsked_ReplaceThoseAndKeepTheRest()
    {
        var text = EtcFiles.ResolvConf(new HostConfig { Dns = ["1.1.1.1", "8.8.8.8"] }, "# x\nnameserver 9.9.9.9\nsearch corp\noptions ndots:2\n");

        Assert.Equal("nameserver 1.1.1.1\nnameserver 8.8.8.8\nsearch corp\noptions ndots:2\n", text);
    }

    [Fact]
    public void ResolvConf_SearchDot_TakesTheSearchListAway()
    {
        var text = EtcFiles.ResolvConf(new HostConfig { DnsSearch = ["."], DnsOptions = ["ndots:1", "rotate"] }, "nameserver 9.9.9.9\nsearch corp\n");

        Assert.Equal("nameserver 9.9.9.9\noptions ndots:1 rotate\n", text);
    }
}

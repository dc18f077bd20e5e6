using System.Net;
using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Networking;

/// <summary>Who can reach whom, by address and by name.</summary>
public sealed class NetworkTests(NetworkLab lab) : IClassFixture<NetworkLab>
{
    [Fact]
    public void DefaultNetwork_ReachesHostContainersAndWorld_AndIsNotReachedFromOutside()
    {
        lab.Serve("plain");
        lab.Client("plain-client");
        var address = lab.Address("plain");

        Assert.Equal("plain", lab.GetOnHost(address));
        Assert.Equal("plain", lab.GetIn("plain-client", address));
        Assert.Equal("", lab.GetOutside(address));
        // The world sees the host's address: only so can it answer who has no route of its own.
        Assert.Equal(NetworkLab.HostAddress, lab.SeenOutsideFrom("plain-client"));
        Assert.Equal("", lab.Resolve("plain-client", "plain"));
        Assert.Equal($"02:42:{string.Join(':', address.Split('.').Select(part => int.Parse(part).ToString("x2")))}",
            lab.Do("inspect", "--format", "{{.NetworkSettings.MacAddress}}", "plain"));
        lab.Do("rm", "-f", "plain", "plain-client");
    }

    [Fact]
    public void UserNetwork_AnswersNamesAliasesAndAddresses_AndIsApartFromOthers()
    {
        lab.Do("network", "create", "--subnet", "10.61.0.0/24", "names1");
        lab.Do("network", "create", "names2");
        lab.Serve("name-web", "--network", "names1", "--network-alias", "www", "--ip", "10.61.0.40");
        lab.Serve("name-db", "--network", "names2:alias=store");
        lab.Client("name-client", "--network", "names1");

        Assert.Equal("10.61.0.40", lab.Resolve("name-client", "name-web"));
        Assert.Equal("10.61.0.40", lab.Resolve("name-client", "www"));
        Assert.Equal("10.61.0.40", lab.Resolve("name-client", "name-web.names1"));
        Assert.Contains("name-web.names1", lab.Do("exec", "name-client", "getent", "hosts", "10.61.0.40"), StringComparison.Ordinal);
        Assert.Equal(lab.Address("name-client", "names1"), lab.Resolve("name-client", "name-client"));
        Assert.Equal("name-web", lab.GetIn("name-client", "name-web"));
        Assert.Equal("", lab.Resolve("name-client", "name-db"));
        Assert.Equal("", lab.GetIn("name-client", lab.Address("name-db", "names2")));

        lab.Do("network", "connect", "--alias", "late", "names2", "name-client");
        Assert.Equal("name-db", lab.GetIn("name-client", "store"));
        lab.Do("rename", "name-db", "name-store");
        Eventually.True(() => lab.Resolve("name-client", "name-store").Length > 0, "the new name is answered");
        lab.Do("network", "disconnect", "names2", "name-client");
        Assert.Equal("", lab.Resolve("name-client", "name-store"));
        lab.Do("stop", "-t", "0", "name-web");
        Assert.Equal("", lab.Resolve("name-client", "name-web"));
        // Over tcp too: a length, then the same message. Its answer is one address, the client's own, in the last four bytes.
        var answer = lab.Do("exec", "name-client", "bash", "-c",
            "exec 3<>/dev/tcp/127.0.0.11/53; printf '\\x00\\x1d\\x12\\x34\\x01\\x00\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x0bname-client\\x00\\x00\\x01\\x00\\x01' >&3; timeout 5 head -c 47 <&3 | od -An -v -tx1 | tr -d ' \\n'");
        var question = "0b" + Convert.ToHexStringLower("name-client"u8) + "0000010001";
        Assert.Matches($"^002d12348[0-9a-f]{{3}}0001000100000000{question}c00c00010001[0-9a-f]{{8}}0004", answer);
        Assert.EndsWith(Convert.ToHexStringLower(IPAddress.Parse(lab.Address("name-client", "names1")).GetAddressBytes()), answer, StringComparison.Ordinal);
        lab.Do("rm", "-f", "name-web", "name-store", "name-client");
        Assert.Equal("names1\nnames2", lab.Do("network", "rm", "names1", "names2"));
    }

    [Fact]
    public void Explain_ShowsTheNetworkSide()
    {
        lab.Do("network", "create", "--subnet", "10.66.0.0/24", "shown");
        lab.Serve("shown-web", "--network", "shown", "-p", "18066:80", "--network-alias", "www");
        lab.Client("shown-joined", "--network", "container:shown-web");
        var number = lab.Do("exec", "shown-web", "cat", "/sys/class/net/eth0/iflink");

        using var json = JsonDocument.Parse(lab.Do("explain", "--json", "shown-web"));
        var network = json.RootElement.GetProperty("network");

        var eth0 = network.GetProperty("interfaces").EnumerateArray().Single(device => device.GetProperty("name").GetString() == "eth0");
        var other = eth0.GetProperty("hostInterface").GetString();
        Assert.StartsWith($"{number}: {other}@", lab.OnHost("ip", "-o", "link", "show", other!).Text, StringComparison.Ordinal);
        Assert.Equal("shown", eth0.GetProperty("network").GetString());
        Assert.Contains(network.GetProperty("routes").EnumerateArray(),
            route => route.GetProperty("destination").GetString() == "default" && route.GetProperty("gateway").GetString() == "10.66.0.1");
        var port = Assert.Single(network.GetProperty("publishedPorts").EnumerateArray(), port => port.GetProperty("address").GetString() == "10.66.0.2"
            && port.GetProperty("hostAddress").GetString() == "0.0.0.0");
        var element = port.GetProperty("element").GetString()!;
        Assert.Contains("{ tcp . 18066 : 10.66.0.2 . 80 }", element, StringComparison.Ordinal);
        // nft itself finds the element by what was told.
        lab.OnHost("nft", $"get element {element[..element.IndexOf(" : ", StringComparison.Ordinal)]} }}").ShouldSucceed();
        Assert.Contains(network.GetProperty("names").EnumerateArray(), name => name.GetProperty("name").GetString() == "www"
            && name.GetProperty("addresses")[0].GetString() == lab.Resolve("shown-joined", "www"));
        Assert.Matches(@"(?s)PUBLISHED.*0\.0\.0\.0:18066/tcp.*NAME +ANSWERED WITH.*www", lab.Do("explain", "--section", "network", "shown-joined"));
        lab.Do("rm", "-f", "shown-joined", "shown-web");
        lab.Do("network", "rm", "shown");
    }

    [Fact]
    public void Networks_TellWhoComesAndGoes_AtEachStartAndEnd()
    {
        foreach (var network in (string[])["told-a", "told-b", "told-c"])
            lab.Do("network", "create", network);
        lab.Do("create", "--name", "told", "--network", "told-a", "busybox", "sleep", "1000");
        // Nothing happens in a network before the start.
        lab.Do("network", "connect", "told-b", "told");
        lab.Do("start", "told");
        lab.Do("network", "connect", "told-c", "told");
        lab.Do("network", "disconnect", "told-a", "told");
        lab.Do("restart", "-t", "0", "told");
        lab.Do("rm", "-f", "told");

        var told = lab.Do("events", "--since", "2020-01-01T00:00:00Z", "--until", "0s", "--filter", "type=network", "--format", "{{.Action}} {{.Actor.Attributes.name}}")
            .Split('\n').Where(line => line.Contains("connect told-", StringComparison.Ordinal)).ToList();

        Assert.Equal(["connect told-a", "connect told-b"], told[..2].Order());
        Assert.Equal(["connect told-c", "disconnect told-a"], told[2..4]);
        Assert.Equal(["disconnect told-b", "disconnect told-c", "connect told-b", "connect told-c", "disconnect told-b", "disconnect told-c"],
            told[4..].Chunk(2).SelectMany(Enumerable.Order));
        foreach (var network in (string[])["told-a", "told-b", "told-c"])
            lab.Do("network", "rm", network);
    }

    [Fact]
    public void OwnNameServer_CanListenOnPort53()
    {
        lab.Do("network", "create", "own53");
        lab.Do("run", "-d", "--name", "server53", "--network", "own53", "busybox", "httpd", "-f", "-p", "0.0.0.0:53");
        Eventually.Equal("running", () => lab.Do("inspect", "--format", "{{.State.Status}}", "server53"), 30);
        Assert.Contains("server53", lab.Do("exec", "server53", "nslookup", "server53"), StringComparison.Ordinal);
        lab.Do("rm", "-f", "server53");
        lab.Do("network", "rm", "own53");
    }

    [Fact]
    public async Task InternalNetwork_LetsNothingOut()
    {
        Need.Program("tcpdump", "tcpdump");
        lab.Do("network", "create", "--internal", "sealed");
        lab.Serve("in-sealed", "--network", "sealed", "-p", "18080:80");
        lab.Client("sealed-client", "--network", "sealed");
        using var capture = Command.Start("nsenter", [$"--net=/proc/{lab.HostPid}/ns/net", "tcpdump", "-nn", "-l", "-i", "wan", "ip or ip6"]);
        capture.ErrorDataReceived += (_, _) => { };
        capture.BeginErrorReadLine();
        Eventually.True(() => lab.OnHost("sh", "-c", "grep -c . /proc/net/packet").Text.Trim() is not ("" or "1"), "tcpdump listens");

        Assert.Equal("in-sealed", lab.GetIn("sealed-client", "in-sealed"));
        Assert.Equal("", lab.GetIn("sealed-client", NetworkLab.OutsideAddress));
        Assert.Equal("", lab.Resolve("sealed-client", "example.org"));
        lab.Try("exec", "sealed-client", "bash", "-c", $"ip route add default via 1.2.3.4; echo x >/dev/udp/{NetworkLab.OutsideAddress}/53");
        Assert.Equal("", lab.GetOutside(NetworkLab.HostAddress, 18080));
        // Something that does pass marks the end; sent until it is seen.
        var seen = new List<string>();
        for (var next = capture.StandardOutput.ReadLineAsync(); ;)
        {
            lab.Outside($"echo end >/dev/udp/{NetworkLab.HostAddress}/4242");
            if (await Task.WhenAny(next, Task.Delay(1000, TestContext.Current.CancellationToken)) != next)
                continue;
            if (await next is not { } line || line.Contains(".4242", StringComparison.Ordinal))
                break;
            seen.Add(line);
            next = capture.StandardOutput.ReadLineAsync();
        }
        capture.Kill();
        Assert.DoesNotContain(seen, line => line.Contains($"IP {NetworkLab.HostAddress}", StringComparison.Ordinal) && !line.Contains(".18080 >", StringComparison.Ordinal));
        lab.Do("rm", "-f", "in-sealed", "sealed-client");
        lab.Do("network", "rm", "sealed");
    }

    [Fact]
    public void Ipv6_WorksWithinOutAndByPublishedPort()
    {
        lab.Do("network", "create", "--ipv6", "--subnet", "fd61::/64", "six");
        lab.Serve("six-web", "--network", "six", "-p", "80");
        lab.Client("six-client", "--network", "six");

        Assert.Equal("fd61::2", lab.Resolve("six-client", "six-web", "ahostsv6"));
        Assert.Equal("six-web", lab.GetIn("six-client", "fd61::2"));
        Assert.Equal("six-web", lab.GetOutside("2001:db8::1", lab.HostPort("six-web")));
        Assert.Equal("", lab.GetOutside("fd61::2"));
        lab.Do("rm", "-f", "six-web", "six-client");
        lab.Do("network", "rm", "six");
    }

    [Fact]
    public void Macvlan_IsOnTheParentsWire()
    {
        lab.Do("network", "create", "-d", "macvlan", "--subnet", "198.51.100.0/24", "--gateway", "198.51.100.254", "--ip-range", "198.51.100.64/28", "-o", "parent=wan", "wire");
        lab.Serve("on-wire", "--network", "wire");

        Assert.Equal("on-wire", lab.GetOutside(lab.Address("on-wire", "wire")));
        lab.Do("rm", "-f", "on-wire");
        lab.Do("network", "rm", "wire");
    }

    [Fact]
    public void ContainersThatShallNotMeet_DoNot_AlsoWhereBridgesPassTheFirewallBy()
    {
        const string BridgesCallFirewall = "[ ! -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || sysctl -qw net.bridge.bridge-nf-call-iptables=";
        lab.Do("network", "create", "-o", "com.docker.network.bridge.enable_icc=false", "apart");
        lab.Serve("apart-web", "--network", "apart", "-p", "80");
        lab.Client("apart-client", "--network", "apart");
        lab.OnHost("sh", "-c", BridgesCallFirewall + "0").ShouldSucceed();
        try
        {
            Assert.Equal("", lab.GetIn("apart-client", lab.Address("apart-web", "apart")));
            Assert.Equal("apart-web", lab.GetOnHost(lab.Address("apart-web", "apart")));
            Assert.Equal("apart-web", lab.GetOutside(NetworkLab.HostAddress, lab.HostPort("apart-web")));
            Assert.Equal(NetworkLab.HostAddress, lab.SeenOutsideFrom("apart-client"));
        }
        finally
        {
            lab.OnHost("sh", "-c", BridgesCallFirewall + "1");
        }
        lab.Do("rm", "-f", "apart-web", "apart-client");
        lab.Do("network", "rm", "apart");
    }

    [Fact]
    public void SharedNetwork_LivesUntilTheLastLeaves()
    {
        lab.Serve("first", "-p", "80");
        var (address, port) = (lab.Address("first"), lab.HostPort("first"));
        lab.Do("run", "-d", "--name", "second", "--network", "container:first", "busybox", "sh", "-c", "mkdir /w; echo second >/w/index.html; exec httpd -f -p 81 -h /w");
        Assert.Equal(
            Path.GetFileName(File.ResolveLinkTarget($"/proc/{lab.Pid("first")}/ns/net", false)!.Name),
            Path.GetFileName(File.ResolveLinkTarget($"/proc/{lab.Pid("second")}/ns/net", false)!.Name));

        lab.Do("stop", "-t", "0", "first");
        Eventually.Equal("second", () => lab.GetOnHost(address, 81), 30);
        lab.Do("start", "first");
        Eventually.Equal("first", () => lab.GetOnHost(address), 30);
        Eventually.Equal("first", () => lab.GetOutside(NetworkLab.HostAddress, port), 30);
        Assert.Equal("second", lab.GetOnHost(address, 81));
        lab.Do("rm", "-f", "first");
        Assert.Equal("second", lab.GetOnHost(address, 81));
        lab.Do("rm", "-f", "second");
        Assert.Equal("", lab.GetOnHost(address, 81));
    }

    [Fact]
    public void Links_OfTheDefaultNetwork_SetVariablesAndHosts()
    {
        lab.Serve("linked", "--expose", "80", "-e", "COLOUR=blue");
        var text = lab.Do("run", "--rm", "--link", "linked:db", "busybox", "sh", "-c", "env; cat /etc/hosts");
        Assert.Contains($"DB_PORT_80_TCP=tcp://{lab.Address("linked")}:80", text, StringComparison.Ordinal);
        Assert.Contains("DB_ENV_COLOUR=blue", text, StringComparison.Ordinal);
        Assert.Contains($"{lab.Address("linked")}\tdb ", text, StringComparison.Ordinal);
        lab.Do("rm", "-f", "linked");
        lab.Try("create", "--link", "nobody", "busybox", "true").ShouldFail(1, "could not get container for nobody");
    }

    [Fact]
    public void Links_OfTheDefaultNetwork_FollowTheAddress()
    {
        lab.Client("link-db");
        lab.Client("link-web", "--link", "link-db:db", "-e", "DB_NAME=mine");
        var before = lab.Address("link-db");
        Assert.Equal(before, lab.Resolve("link-web", "db"));
        Assert.Equal("mine", lab.Do("exec", "link-web", "printenv", "DB_NAME"));

        lab.Do("stop", "-t", "0", "link-db");
        lab.Try("run", "--rm", "--link", "link-db", "busybox", "true").ShouldFail(125, "Cannot link to a non running container: /link-db AS");
        lab.Client("link-thief");
        Assert.Equal(before, lab.Address("link-thief"));
        lab.Do("start", "link-db");
        var after = lab.Address("link-db");
        Assert.NotEqual(before, after);
        Eventually.Equal(after, () => lab.Resolve("link-web", "db"), 30);
        Assert.Equal(lab.Address("link-web"), lab.Resolve("link-web", lab.Do("exec", "link-web", "hostname")));
        Assert.DoesNotContain(before, lab.Do("exec", "link-web", "cat", "/etc/hosts"), StringComparison.Ordinal);

        lab.Do("network", "create", "elsewhere");
        lab.Client("link-far", "--network", "elsewhere");
        lab.Try("run", "--rm", "--link", "link-far", "busybox", "true").ShouldFail(125, "Cannot link to /link-far, as it does not belong to the default network");
        lab.Try("run", "--rm", "--network", "host", "--link", "link-db", "busybox", "true").ShouldFail(125, "host type networking can't be used with links");
        lab.Do("rm", "-f", "link-db", "link-web", "link-thief", "link-far");
        lab.Do("network", "rm", "elsewhere");
    }

    [Fact]
    public void BadInput_IsOneClearError_AndLeavesNothing()
    {
        lab.Do("network", "create", "--subnet", "10.62.0.0/30", "tiny");
        var before = lab.Leftovers();
        lab.Try("network", "create", "--subnet", "10.62.0.0/24", "over").ShouldFail(1, "Pool overlaps with other one on this address space: 10.62.0.0/24 is in network tiny");
        lab.Try("network", "create", "--subnet", "198.51.100.0/25", "over").ShouldFail(1, "overlaps with an address or a route of this host");
        lab.Try("network", "create", "tiny").ShouldFail(1, "network with name tiny already exists");
        lab.Try("network", "create", "bridge").ShouldFail(1, "operation is not permitted on predefined bridge network");
        lab.Try("network", "create", "--subnet", "10.0.0.1/33", "over").ShouldFail(1, "invalid subnet 10.0.0.1/33");
        lab.Try("network", "create", "--gateway", "10.0.0.1", "over").ShouldFail(1, "every ip-range or gateway must have a corresponding subnet");
        lab.Try("network", "rm", "nowhere").ShouldFail(1, "network nowhere not found");
        lab.Try("network", "rm", "bridge").ShouldFail(1, "bridge is a pre-defined network and cannot be removed");
        lab.Try("run", "--network", "nowhere", "busybox", "true").ShouldFail(125, "network nowhere not found");
        lab.Try("run", "--rm", "--network", "tiny", "--ip", "10.63.0.1", "busybox", "true").ShouldFail(125, "no configured subnet contains IP address 10.63.0.1");
        lab.Try("run", "--rm", "--ip", "10.63.0.1", "busybox", "true").ShouldFail(125, "user specified IP address is supported on user defined networks only");
        lab.Client("only", "--network", "tiny");
        lab.Try("run", "--rm", "--network", "tiny", "busybox", "true").ShouldFail(125, "no available IPv4 addresses");
        lab.Try("run", "--rm", "--network", "tiny", "--ip", "10.62.0.2", "busybox", "true").ShouldFail(125, "Address already in use: 10.62.0.2");
        lab.Try("network", "rm", "tiny").ShouldFail(1, "has active endpoints");
        lab.Try("network", "connect", "tiny", "only").ShouldFail(1, "already exists in network tiny");
        lab.Try("network", "disconnect", "bridge", "only").ShouldFail(1, "is not connected to network bridge");
        lab.Do("rm", "-f", "only");
        Eventually.Equal(before, lab.Leftovers);
        Assert.Contains("tiny", lab.Do("network", "prune", "-f"), StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_HasDockersFields()
    {
        lab.Do("network", "create", "--subnet", "10.64.0.0/24", "--label", "a=b", "seen");
        var id = lab.Serve("seen-web", "--network", "seen", "-p", "127.0.0.1::80");
        using var network = JsonDocument.Parse(lab.Do("network", "inspect", "seen"));
        var container = network.RootElement[0].GetProperty("Containers").GetProperty(id);
        Assert.Equal("10.64.0.2/24", container.GetProperty("IPv4Address").GetString());
        Assert.Equal("b", network.RootElement[0].GetProperty("Labels").GetProperty("a").GetString());
        Assert.Equal($"127.0.0.1:{lab.HostPort("seen-web")}->80/tcp", lab.Do("ps", "--filter", "name=seen-web", "--format", "{{.Ports}}"));
        Assert.Equal("seen bridge", lab.Do("network", "ls", "--filter", "name=seen", "--format", "{{.Name}} {{.Driver}}"));
        lab.Do("rm", "-f", "seen-web");
        lab.Do("network", "rm", "seen");
    }
}

using System.Collections.Concurrent;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Networking;

/// <summary>Published ports, and what crashes and firewalls do to networks.</summary>
public sealed class PortTests(NetworkLab lab) : IClassFixture<NetworkLab>
{
    [Fact]
    public void PublishedPort_IsReachedFromEverywhere_AlsoFromItself_AndItsNeighboursAreNot()
    {
        lab.Serve("pub", "-p", "80");
        lab.Client("pub-client");
        var port = lab.HostPort("pub");

        Assert.Equal("pub", lab.GetOnHost("127.0.0.1", port));
        Assert.Equal("pub", lab.GetOnHost(NetworkLab.HostAddress, port));
        Assert.Equal("pub", lab.GetOutside(NetworkLab.HostAddress, port));
        Assert.Equal("pub", lab.GetIn("pub-client", NetworkLab.HostAddress, port));
        lab.Do("run", "-d", "--init", "--name", "pub-self", "--network", "container:pub", "debian", "sleep", "600");
        Assert.Equal("pub", lab.GetIn("pub-self", NetworkLab.HostAddress, port));
        Assert.Equal("", lab.GetOutside(NetworkLab.HostAddress, 80));
        // A container does not come to the host's loopback through the way that published ports use.
        Assert.Equal("", lab.GetIn("pub-client", "127.0.0.1", port));
        lab.Do("rm", "-f", "pub-self", "pub-client", "pub");
        Assert.Equal("", lab.GetOnHost("127.0.0.1", port));
    }

    [Fact]
    public void HostsLoopback_IsOutOfReachOfContainersThatRouteThere()
    {
        lab.Serve("inner", "-p", "127.0.0.1:20060:80");
        lab.Client("rogue");
        using var service = Command.Start("nsenter", [$"--net=/proc/{lab.HostPid}/ns/net", "perl", "-MIO::Socket::INET", "-e",
            "my $l = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 20061, Listen => 5, ReuseAddr => 1); while (my $c = $l->accept) { sysread $c, my $request, 100; print $c 'secret' }"]);
        Eventually.True(() => lab.OnHost("ss", "-Hltn", "sport = :20061").Text.Length > 0, "a service of the host listens");
        // Its own loopback is given up, so that 127.0.0.1 is the host's.
        lab.OnHost("nsenter", $"--net=/proc/{lab.Pid("rogue")}/ns/net", "sh", "-c",
            "echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet; ip addr flush dev lo && ip route add 127.0.0.1 via 172.17.0.1").ShouldSucceed();

        Assert.Equal("", lab.GetIn("rogue", "127.0.0.1", 20061));
        Assert.Equal("", lab.GetIn("rogue", "127.0.0.1", 20060));

        // Without the rules both would be there.
        foreach (var chain in (string[])["input", "prerouting"])
        {
            var rule = lab.OnHost("nft", "-a", "list", "chain", "inet", lab.Table, chain).Lines.First(line => line.Contains("127.0.0.0/8", StringComparison.Ordinal));
            lab.OnHost("nft", $"delete rule inet {lab.Table} {chain} handle {rule.Split(' ')[^1]}").ShouldSucceed();
        }
        Assert.Equal("secret", lab.GetIn("rogue", "127.0.0.1", 20061));
        Assert.Equal("inner", lab.GetIn("rogue", "127.0.0.1", 20060));
        service.Kill();
        lab.Do("network", "repair");
        lab.Do("rm", "-f", "inner", "rogue");
    }

    [Fact]
    public void Restart_KeepsAddressAndPort()
    {
        lab.Serve("again", "-p", "80", "--restart", "always");
        var before = (lab.Address("again"), lab.HostPort("again"));
        var pid = lab.Pid("again");
        lab.OnHost("kill", "-9", $"{pid}").ShouldSucceed();
        Eventually.True(() => lab.Pid("again") is > 0 and var now && now != pid, "it runs again");
        Assert.Equal(before, (lab.Address("again"), lab.HostPort("again")));
        Eventually.Equal("again", () => lab.GetOutside(NetworkLab.HostAddress, before.Item2), 30);

        lab.Do("stop", "-t", "0", "again");
        lab.Client("between");
        lab.Do("start", "again");
        Assert.Equal(before.Item2, lab.HostPort("again"));
        Eventually.Equal("again", () => lab.GetOutside(NetworkLab.HostAddress, before.Item2), 30);
        lab.Do("rm", "-f", "again", "between");
    }

    [Fact]
    public void RangesAndUdp_ReachTheirPorts_AndConflictsNameTheOwner()
    {
        lab.Do("run", "-d", "--name", "range", "-p", "20080-20081:80-81", "busybox", "sh", "-c",
            "mkdir /w; echo range >/w/index.html; httpd -p 81 -h /w; exec httpd -f -p 80 -h /w");
        lab.ServeUdp("datagrams", "-p", "20090:90/udp");
        Eventually.Equal("range", () => lab.GetOutside(NetworkLab.HostAddress, 20080), 30);
        Assert.Equal("range", lab.GetOutside(NetworkLab.HostAddress, 20081));
        Assert.Equal("80/tcp -> 0.0.0.0:20080\n81/tcp -> 0.0.0.0:20081", lab.Do("port", "range"));
        Assert.Equal("0.0.0.0:20090", lab.Do("port", "datagrams", "90/udp"));
        Eventually.Equal("datagram", () =>
            lab.Outside($"exec 3<>/dev/udp/{NetworkLab.HostAddress}/20090; echo datagram >&3; timeout 2 head -n 1 <&3").Text);

        lab.Try("run", "--rm", "-p", "20080:80", "busybox", "true").ShouldFail(125, "port is already allocated by container \"range\"");
        using var taken = Command.Start("nsenter", [$"--net=/proc/{lab.HostPid}/ns/net", "perl", "-MIO::Socket::INET", "-e", "IO::Socket::INET->new(LocalPort => 20070, Listen => 1) and sleep 600"]);
        Eventually.True(() => lab.OnHost("sh", "-c", "ss -ltn | grep -c :20070").Text.Trim() == "1", "a process listens");
        lab.Try("run", "--rm", "-p", "20070:80", "busybox", "true").ShouldFail(125, $"port is already allocated by process perl (pid {taken.Id})");
        taken.Kill();
        lab.Do("rm", "-f", "range", "datagrams");
        Eventually.Equal("", lab.Leftovers, 30);
    }

    [Fact]
    public void UdpFlow_FollowsItsPortToTheNextContainer()
    {
        using var sender = Command.Start("nsenter", [$"--net=/proc/{lab.HostPid}/ns/net", "bash", "-c",
            $"exec 3<>/dev/udp/{NetworkLab.HostAddress}/20095; while :; do echo x >&3; read -t 0.2 _; done"]);
        foreach (var name in new[] { "flow1", "flow2" })
        {
            lab.ServeUdp(name, "-p", "20095:90/udp");
            Eventually.True(() => lab.Try("exec", name, "cat", "/got").Text.Length > 0, $"the flow reaches {name}", 20);
            lab.Do("rm", "-f", name);
        }
        sender.Kill();
    }

    [Fact]
    public void Disconnect_OfThePublishingNetwork_MovesThePortsToAnother()
    {
        lab.Do("network", "create", "moveA");
        lab.Do("network", "create", "moveB");
        lab.Serve("mover", "--network", "moveA", "--network", "moveB", "-p", "80");
        var port = lab.HostPort("mover");
        Assert.Equal("mover", lab.GetOutside(NetworkLab.HostAddress, port));
        lab.Do("network", "disconnect", "moveA", "mover");
        Eventually.Equal("mover", () => lab.GetOutside(NetworkLab.HostAddress, port), 30);
        Assert.Contains("default via", lab.Do("exec", "mover", "ip", "route"), StringComparison.Ordinal);
        lab.Do("rm", "-f", "mover");
        lab.Do("network", "rm", "moveA", "moveB");
    }

    [Fact]
    public void FlushedRules_ComeBackWithRepairAndWithTheNextStart()
    {
        lab.Serve("flushed", "-p", "80");
        var port = lab.HostPort("flushed");
        var table = lab.Table;

        lab.OnHost("nft", "flush", "ruleset").ShouldSucceed();
        Assert.Equal("", lab.GetOutside(NetworkLab.HostAddress, port));
        Assert.Contains(table, lab.Do("network", "repair"), StringComparison.Ordinal);
        Assert.Equal("flushed", lab.GetOutside(NetworkLab.HostAddress, port));
        Assert.Equal("", lab.Do("network", "repair"));

        lab.OnHost("nft", "flush", "table", "inet", table).ShouldSucceed();
        lab.Do("run", "--rm", "busybox", "true");
        Assert.Equal("flushed", lab.GetOutside(NetworkLab.HostAddress, port));
        lab.Do("rm", "-f", "flushed");
    }

    [Fact]
    public void DeletedElementsAndChangedRules_ComeBackWithRepairAndWithTheNextStart()
    {
        lab.Serve("picked", "-p", "80");
        var (port, table) = (lab.HostPort("picked"), lab.Table);
        var element = $"element inet {table} any4 {{ tcp . {port} }}";

        lab.OnHost("nft", $"delete {element}").ShouldSucceed();
        Assert.Equal("", lab.GetOutside(NetworkLab.HostAddress, port));
        Assert.Equal($"put 1 missing elements of the nftables table inet {table} back", lab.Do("network", "repair"));
        Assert.Equal("picked", lab.GetOutside(NetworkLab.HostAddress, port));
        Assert.Equal("", lab.Do("network", "repair"));

        lab.OnHost("nft", $"delete {element}; add element inet {table} any4 {{ tcp . {port} : 192.0.2.1 . 80, tcp . 9 : 192.0.2.1 . 9 }}").ShouldSucceed();
        Assert.Contains("put 1 elements of", lab.Try("run", "--rm", "busybox", "true").ShouldSucceed().Stderr, StringComparison.Ordinal);
        Assert.Equal("picked", lab.GetOutside(NetworkLab.HostAddress, port));
        lab.OnHost("nft", $"get element inet {table} any4 {{ tcp . 9 }}").ShouldFail(1, "No such file");

        var rule = lab.OnHost("nft", "-a", "list", "chain", "inet", table, "forward").Lines.Single(line => line.Contains("ct status dnat accept", StringComparison.Ordinal));
        lab.OnHost("nft", $"replace rule inet {table} forward handle {rule.Split(' ')[^1]} ct status dnat drop").ShouldSucceed();
        Assert.Equal("", lab.GetOutside(NetworkLab.HostAddress, port));
        // Another's table is no reason to do anything, and hides nothing either.
        lab.OnHost("nft", "add table inet others").ShouldSucceed();
        Assert.Equal($"made the nftables table inet {table} anew", lab.Do("network", "repair"));
        Assert.Equal("picked", lab.GetOutside(NetworkLab.HostAddress, port));
        lab.OnHost("nft", "delete table inet others").ShouldSucceed();
        Assert.Equal("", lab.Do("network", "repair"));
        lab.Do("rm", "-f", "picked");
    }

    [Fact]
    public void FlushedRules_ComeBackByThemselvesWhileVitrinedRuns()
    {
        lab.Serve("watched", "-p", "80");
        var port = lab.HostPort("watched");
        var (table, log) = (lab.Table, new ConcurrentQueue<string>());
        using var server = Command.Start("nsenter", [$"--net=/proc/{lab.HostPid}/ns/net", "--", Repository.Binary("vitrined")], lab.Environment);
        try
        {
            server.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
            server.BeginErrorReadLine();
            Eventually.True(() => log.Any(line => line.Contains(" serves ", StringComparison.Ordinal)), "vitrined serves", 60);

            // The whole table, the rules alone, one element; each time the port works again, and the log says why.
            foreach (var (what, told) in new[]
            {
                ("flush ruleset", $"made the nftables table inet {table} anew"),
                ($"flush table inet {table}", $"made the nftables table inet {table} anew"),
                ($"delete element inet {table} any4 {{ tcp . {port} }}", "put 1 missing elements"),
            })
            {
                log.Clear();
                lab.OnHost("nft", what).ShouldSucceed();
                Eventually.True(() => log.Any(line => line.Contains(told, StringComparison.Ordinal)), "vitrined repairs", 60);
                Eventually.Equal("watched", () => lab.GetOutside(NetworkLab.HostAddress, port), 30);
            }
            Assert.DoesNotContain(log, line => line.Contains(" error ", StringComparison.Ordinal));
        }
        finally
        {
            Command.Run("kill", $"{server.Id}");
            Assert.True(server.WaitForExit(30_000), "vitrined ends");
        }
        lab.Do("rm", "-f", "watched");
    }

    [Theory]
    [InlineData("table inet mine { chain i { type filter hook input priority 0; policy drop; iif lo accept; }; }", "although the host's firewall (nftables table mine)")]
    [InlineData("table ip mine { chain i { type filter hook input priority 0; iif lo accept; counter reject; }; }", "although the host's firewall (nftables table mine)")]
    [InlineData("table inet mine { chain i { type filter hook input priority 0; tcp dport 22 accept; iifname != \"lo\" counter log drop; }; }", "although the host's firewall")]
    [InlineData("table inet mine { chain i { type filter hook input priority 0; ct state invalid drop; }; }", "")]
    [InlineData("table inet mine { chain i { type filter hook input priority 0; drop; accept; }; }", "")]
    [InlineData("table inet mine { chain o { type filter hook output priority 0; policy drop; accept; }; }", "")]
    [InlineData("table ip mine { chain i { type filter hook input priority 0; policy drop; }; chain f { type filter hook forward priority 0; policy drop; accept; }; }", "drops what is forwarded")]
    public void PublishingPastAHostsFirewall_IsTold(string rules, string told)
    {
        lab.OnHost("nft", rules).ShouldSucceed();
        try
        {
            // The first start of all on a host may have other things to tell.
            lab.Do("run", "--rm", "-p", "127.0.0.1::80", "busybox", "true");
            Assert.Equal("", lab.Try("run", "--rm", "-p", "127.0.0.1::80", "busybox", "true").ShouldSucceed().Stderr);
            var words = lab.Try("run", "--rm", "-p", "80", "busybox", "true").ShouldSucceed().Stderr;
            Assert.True(told.Length > 0 ? words.Contains(told, StringComparison.Ordinal) : words.Length == 0, words);
        }
        finally
        {
            lab.OnHost("nft", $"delete table {rules.Split(' ')[1]} mine");
        }
    }

    [Fact]
    public void PublishingPastIptables_IsTold()
    {
        Need.Program("iptables-nft", "iptables");
        lab.OnHost("sh", "-c", "iptables-nft -A INPUT -i lo -j ACCEPT && iptables-nft -A INPUT -j REJECT").ShouldSucceed();
        try
        {
            Assert.Contains("although the host's firewall (nftables table filter)", lab.Try("run", "--rm", "-p", "80", "busybox", "true").ShouldSucceed().Stderr, StringComparison.Ordinal);
        }
        finally
        {
            lab.OnHost("nft", "delete table ip filter");
        }
    }

    [Fact]
    public void KilledShim_LeavesNothingAfterTheNextCommand_AndItsPortIsFree()
    {
        lab.Serve("killed", "-p", "20085:80");
        lab.OnHost("kill", "-9", $"{lab.ShimPid("killed")}").ShouldSucceed();
        lab.Serve("heir", "-p", "20085:80");
        Assert.Equal("heir", lab.GetOutside(NetworkLab.HostAddress, 20085));
        lab.Do("rm", "-f", "killed", "heir");
        Eventually.Equal("", lab.Leftovers, 30);
    }

    [Fact]
    public void StartsKilledAtAnyMoment_LeaveNothingAfterTheNextRepair()
    {
        lab.Do("run", "--rm", "busybox", "true");
        for (var delay = 0; delay < 15; delay++)
        {
            var name = $"cut{delay}";
            lab.Do("create", "--name", name, "-p", "80", "busybox", "sleep", "600");
            lab.OnHost("sh", "-c", $"timeout -s KILL 0.0{delay * 6:d2} '{Repository.Binary("vitrine")}' start {name}; for p in $(pgrep -f '{lab.DataRoot}/.*[p]lan.json'); do kill -9 $p; done");
        }
        // One that was started in spite of all is a container like any other.
        lab.Do(["rm", "-f", .. Enumerable.Range(0, 15).Select(i => $"cut{i}")]);
        lab.Do("network", "repair");
        Eventually.Equal("", lab.Leftovers, 30);
    }
}

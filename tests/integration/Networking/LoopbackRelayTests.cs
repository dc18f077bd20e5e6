using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Networking;

/// <summary>Published ports by way of ::1, which the kernel leads nowhere and the shim passes on.</summary>
public sealed class LoopbackRelayTests(NetworkLab lab) : IClassFixture<NetworkLab>
{
    /// <summary>Gives back on each connection what comes, until it ends.</summary>
    private const string Echo = """
        $SIG{CHLD} = 'IGNORE';
        my $l = IO::Socket::INET->new(LocalPort => 90, Listen => 256, ReuseAddr => 1);
        while (my $c = $l->accept) {
            next if fork;
            while (sysread($c, my $b, 65536)) { my $o = 0; $o += syswrite($c, $b, length($b) - $o, $o) while $o < length $b }
            exit;
        }
        """;

    /// <summary>Opens all connections, sends on each so many bytes that no other sends, ends sending, and wants them back.</summary>
    private const string Client = """
        my ($port, $count, $words) = @ARGV;
        my @sockets = map { IO::Socket::IP->new(PeerHost => '::1', PeerPort => $port) or die "connection $_: $@" } 1 .. $count;
        my @sent = map { my $i = $_; pack 'N*', map { $i, $_ } 1 .. $words / 2 } 1 .. $count;
        for my $i (0 .. $count - 1) {
            next if fork;
            my $o = 0;
            $o += syswrite($sockets[$i], $sent[$i], 65536, $o) // die $! while $o < length $sent[$i];
            shutdown $sockets[$i], 1;
            require POSIX; POSIX::_exit(0);
        }
        my $same = 0;
        for my $i (0 .. $count - 1) {
            my $got = '';
            1 while sysread $sockets[$i], $got, 65536, length $got;
            $same++ if $got eq $sent[$i];
        }
        print $same;
        """;

    /// <summary>Greets one connection, waits for the end of what it says, and sends nothing more until its socket has an error.</summary>
    private const string Waiter = """
        my $l = IO::Socket::INET->new(LocalPort => 90, Listen => 1, ReuseAddr => 1);
        my $c = $l->accept;
        syswrite $c, 'x';
        1 while sysread $c, my $b, 1;
        select undef, undef, undef, 0.02 until unpack 'i', getsockopt $c, SOL_SOCKET, SO_ERROR;
        syswrite STDOUT, "gone\n";
        """;

    [Theory]
    [InlineData("default", "")]
    [InlineData("relay-six", "--ipv6")]
    public void PublishedPort_IsReachedFromLoopback_ThroughRestartsAndStops(string network, string ipv6)
    {
        string[] own = ipv6.Length > 0 ? ["--network", network] : [];
        if (ipv6.Length > 0)
            lab.Do("network", "create", ipv6, network);
        lab.Serve("lo6", [.. own, "-p", "80", "-p", "81", "-p", "127.0.0.1::82"]);
        var port = lab.HostPort("lo6");
        Assert.Equal("lo6", lab.GetOnHost("::1", port));
        Assert.Equal("lo6", lab.GetOnHost("127.0.0.1", port));

        // Nobody serves 81: an end with nothing before it would be a lie. What is published on another address is not here.
        Assert.Contains("reset", Connect(lab.HostPort("lo6", "81/tcp")), StringComparison.Ordinal);
        Assert.Contains("refused", Connect(lab.HostPort("lo6", "82/tcp")), StringComparison.Ordinal);

        // The kernel still remembers the connections of the run before.
        lab.Do("restart", "-t", "0", "lo6");
        Eventually.Equal("lo6", () => lab.GetOnHost("::1", port), 30);
        lab.Do("stop", "-t", "0", "lo6");
        Assert.Contains("refused", Connect(port), StringComparison.Ordinal);
        lab.Do("start", "lo6");
        Eventually.Equal("lo6", () => lab.GetOnHost("::1", port), 30);
        lab.Do("rm", "-f", "lo6");
        if (ipv6.Length > 0)
            lab.Do("network", "rm", network);
    }

    [Fact]
    public void ConnectionsInNumbersAndOfAnySize_ComeBackWhole_AndCostNothingAfterwards()
    {
        lab.Do("run", "-d", "--name", "echo6", "-p", "90", "debian", "perl", "-MIO::Socket::INET", "-e", Echo);
        var port = lab.HostPort("echo6", "90/tcp");
        Eventually.Equal("1", () => Exchange(port, 1, 2), 30);
        var shim = lab.ShimPid("echo6");
        var before = Descriptors(shim);

        Assert.Equal("1", Exchange(port, 1, 16 << 20));
        Assert.Equal("200", Exchange(port, 200, 20_000));
        // More than it takes at once: the others wait.
        Assert.Equal("300", Exchange(port, 300, 20));

        Eventually.Equal(before, () => Descriptors(shim), 30);
        lab.Do("rm", "-f", "echo6");
        Eventually.Equal("", lab.Leftovers, 30);
    }

    [Fact]
    public void ClientThatResets_AfterItsHalfOfTheConnectionHasEnded_IsNoticedByAServerThatOnlyWaits()
    {
        lab.Do("run", "-d", "--name", "reset6", "-p", "90", "debian", "perl", "-MIO::Socket::INET", "-e", Waiter);
        var port = lab.HostPort("reset6", "90/tcp");
        lab.OnHost("perl", "-MIO::Socket::IP", "-e", """
            until ($s = IO::Socket::IP->new(PeerHost => '::1', PeerPort => $ARGV[0]) and sysread $s, $b, 1) { }
            shutdown $s, 1;
            setsockopt $s, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
            """, $"{port}").ShouldSucceed();

        Eventually.Equal("gone", () => lab.Do("logs", "reset6").Trim(), 30);
        lab.Do("rm", "-f", "reset6");
    }

    [Fact]
    public void Datagrams_AreAnsweredToTheirSender()
    {
        lab.ServeUdp("udp6", "-p", "90/udp");
        var port = lab.HostPort("udp6", "90/udp");
        Eventually.Equal("first", () => Datagram(port, "first"), 30);
        Assert.Equal("second", Datagram(port, "second"));
        lab.Do("restart", "-t", "0", "udp6");
        Eventually.Equal("third", () => Datagram(port, "third"), 30);
        lab.Do("rm", "-f", "udp6");
    }

    [Theory]
    [InlineData("[::1]:20171:80", "::1", "127.0.0.1")]
    [InlineData("[::]:20171:80", "::1", "127.0.0.1")]
    [InlineData("0.0.0.0:20171:80", "127.0.0.1", "::1")]
    public void Publishing_OnOneFamily_IsOfThatFamily(string publish, string reached, string notReached)
    {
        lab.Serve("one6", "-p", publish);
        Assert.Equal("one6", lab.GetOnHost(reached, 20171));
        Assert.Equal("", lab.GetOnHost(notReached, 20171));
        lab.Do("rm", "-f", "one6");
    }

    [Fact]
    public void PortThatIsTakenThere_IsRefusedByName()
    {
        using var taken = Command.Start("nsenter", [$"--net=/proc/{lab.HostPid}/ns/net", "perl", "-MIO::Socket::IP", "-e",
            "IO::Socket::IP->new(LocalHost => '::1', LocalPort => 20172, Listen => 1, ReuseAddr => 1) and sleep 600"]);
        Eventually.True(() => lab.OnHost("ss", "-Hltn", "sport = :20172").Text.Length > 0, "a process listens");
        lab.Try("run", "--rm", "-p", "20172:80", "busybox", "true").ShouldFail(125, $"Bind for [::1]:20172 failed: port is already allocated by process perl (pid {taken.Id})");
        taken.Kill();

        lab.Do("run", "-d", "--name", "holder6", "-p", "[::1]:20173:80", "busybox", "sleep", "600");
        lab.Try("run", "--rm", "-p", "20173:80", "busybox", "true").ShouldFail(125, "Bind for [::1]:20173 failed: port is already allocated by container \"holder6\"");
        lab.OnHost("perl", "-MIO::Socket::IP", "-e", "IO::Socket::IP->new(LocalHost => '::', LocalPort => 20173, Listen => 1, ReuseAddr => 1) or die $@").ShouldFail(98, "in use");
        lab.Do("rm", "-f", "holder6");
    }

    private string Exchange(int port, int connections, int words) =>
        lab.OnHost("timeout", "120", "perl", "-MIO::Socket::IP", "-e", Client, $"{port}", $"{connections}", $"{words}").Text;

    /// <summary>What a connection that sends nothing comes to.</summary>
    private string Connect(int port) => lab.OnHost("timeout", "20", "perl", "-MIO::Socket::IP", "-e",
        "my $s = IO::Socket::IP->new(PeerHost => '::1', PeerPort => $ARGV[0]) or do { print $@; exit }; defined sysread $s, my $b, 1 or print $!", $"{port}").Text;

    private string Datagram(int port, string text) => lab.OnHost("timeout", "20", "bash", "-c", $"exec 3<>/dev/udp/::1/{port}; echo {text} >&3; timeout 2 head -n 1 <&3").Text;

    private static int Descriptors(int pid) => Directory.GetFiles($"/proc/{pid}/fd").Length;
}

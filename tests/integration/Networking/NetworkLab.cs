using System.Diagnostics;
using Vitrine.TestKit;

namespace Vitrine.Tests.Integration.Networking;

/// <summary>
/// A host of its own - a network namespace with a Vitrine in it - and a machine outside of it, on a wire between them:
/// 198.51.100.1 is the host's end, 198.51.100.2 the outside's, which takes the host for its router to everywhere.
/// </summary>
public sealed class NetworkLab : Sandbox
{
    public const string HostAddress = "198.51.100.1";
    public const string OutsideAddress = "198.51.100.2";

    private readonly Process _host;
    private readonly Process _outside;

    public NetworkLab()
        : base("busybox", "debian")
    {
        _host = NewNamespace();
        _outside = NewNamespace();
        var (host, outside) = (_host.Id.ToString(), _outside.Id.ToString());
        OnHost("ip", "link", "set", "lo", "up").ShouldSucceed();
        OnHost("ip", "link", "add", "wan", "type", "veth", "peer", "name", "wan", "netns", outside).ShouldSucceed();
        OnHost("sh", "-c", $"ip addr add {HostAddress}/24 dev wan && ip -6 addr add 2001:db8::1/64 dev wan nodad && ip link set wan up").ShouldSucceed();
        Outside($"ip link set lo up && ip addr add {OutsideAddress}/24 dev wan && ip -6 addr add 2001:db8::2/64 dev wan nodad && ip link set wan up "
            + $"&& ip route add default via {HostAddress} && ip -6 route add default via 2001:db8::1").ShouldSucceed();
    }

    /// <summary>A process in the host's network.</summary>
    public int HostPid => _host.Id;

    /// <summary>Vitrine's table of nftables there, while the rules are not flushed.</summary>
    public string Table => OnHost("nft", "list", "tables").Lines.Single(line => line.Contains("vitrine", StringComparison.Ordinal)).Split(' ')[^1];

    /// <summary>Runs a program in the host's network.</summary>
    public CommandResult OnHost(string program, params IEnumerable<string> arguments) => In(_host, program, arguments);

    /// <summary>Runs a shell command on the machine outside.</summary>
    public CommandResult Outside(string script) => In(_outside, "bash", ["-c", script]);

    /// <summary>Runs vitrine on the host.</summary>
    public CommandResult Try(params IEnumerable<string> arguments) => OnHost(Repository.Binary("vitrine"), arguments);

    /// <summary>Runs vitrine on the host, and requires that it succeeds.</summary>
    public string Do(params IEnumerable<string> arguments) => Try(arguments).ShouldSucceed().Text;

    /// <summary>A container that serves its own name at port 80.</summary>
    public string Serve(string name, params IEnumerable<string> options)
    {
        var id = Do(["run", "-d", "--name", name, .. options, "busybox", "sh", "-c", $"mkdir /w; echo {name} >/w/index.html; exec httpd -f -p 80 -h /w"]);
        Eventually.Equal("", () => Try("exec", name, "sh", "-c", "netstat -ltn | grep -q ':80 ' || echo not yet").Text, 30);
        return id;
    }

    /// <summary>A container that waits to be told what to do.</summary>
    public string Client(string name, params IEnumerable<string> options) => Do(["run", "-d", "--init", "--name", name, .. options, "debian", "sleep", "3600"]);

    /// <summary>What a web server answers to a shell of some machine; empty where it cannot be reached.</summary>
    public static string Get(Func<string, CommandResult> shell, string address, int port = 80) =>
        shell($"exec 3<>/dev/tcp/{address}/{port} && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && timeout 5 cat <&3 | tail -n 1").Text.Trim();

    public string GetOnHost(string address, int port = 80) => Get(script => OnHost("timeout", "5", "bash", "-c", script), address, port);

    public string GetOutside(string address, int port = 80) => Get(script => Outside($"timeout 3 bash -c '{script.Replace("'", "'\\''", StringComparison.Ordinal)}'"), address, port);

    public string GetIn(string container, string address, int port = 80) => Get(script => Try("exec", container, "timeout", "5", "bash", "-c", script), address, port);

    /// <summary>A container that keeps what it is sent as udp to port 90, and answers it.</summary>
    public string ServeUdp(string name, params IEnumerable<string> options) => Do(["run", "-d", "--name", name, .. options, "debian", "perl", "-MIO::Socket::INET", "-e",
        "my $s = IO::Socket::INET->new(LocalPort => 90, Proto => 'udp'); while ($s->recv(my $b, 100)) { open my $f, '>>', '/got'; print $f $b; close $f; $s->send($b) }"]);

    /// <summary>By which address the machine outside sees a container that connects to it; empty where it does not.</summary>
    public string SeenOutsideFrom(string container)
    {
        using var server = Command.Start("nsenter", [$"--net=/proc/{_outside.Id}/ns/net", "perl", "-MIO::Socket::INET", "-e",
            "my $l = IO::Socket::INET->new(LocalPort => 7777, Listen => 1, ReuseAddr => 1); my $c = $l->accept; print $c $c->peerhost"]);
        Eventually.True(() => Outside("ss -Htln sport = :7777").Text.Length > 0, "the outside listens");
        // Nothing is sent: what the other side closes with bytes unread is reset, and its answer may be lost with it.
        var seen = Try("exec", container, "timeout", "20", "bash", "-c", $"exec 3<>/dev/tcp/{OutsideAddress}/7777 && cat <&3").Text.Trim();
        server.Kill();
        return seen;
    }

    /// <summary>What a name means in a container: addresses, or nothing.</summary>
    public string Resolve(string container, string name, string database = "ahostsv4") =>
        string.Join(' ', Try("exec", container, "getent", database, name).Lines.Select(line => line.Split(' ')[0]).Distinct());

    public string Address(string container, string network = "bridge") =>
        Do("inspect", "--format", $"{{{{(index .NetworkSettings.Networks \"{network}\").IPAddress}}}}", container);

    public int HostPort(string container, string port = "80/tcp") => int.Parse(Try("port", container, port).Lines[0].Split(':')[^1]);

    /// <summary>What of containers is in the kernel: interfaces of ours, and elements of the maps of ports.</summary>
    public string Leftovers() => OnHost("sh", "-c", "ip -br link | grep ^vt; nft list ruleset | grep -E '(tcp|udp|sctp) \\. [0-9]+ :'; "
        + $"find {ExecRoot}/leases -type f; ls {ExecRoot}/sandboxes").Text;

    protected override void Dispose(bool disposing)
    {
        if (Try("ps", "-aq").Lines is { Length: > 0 } ids)
            Try(["rm", "-fv", .. ids]);
        try
        {
            base.Dispose(disposing);
        }
        finally
        {
            _host.Kill();
            _outside.Kill();
            _host.WaitForExit();
            _outside.WaitForExit();
            _host.Dispose();
            _outside.Dispose();
        }
    }

    private CommandResult In(Process space, string program, IEnumerable<string> arguments) =>
        Command.Run("nsenter", [$"--net=/proc/{space.Id}/ns/net", "--", program, .. arguments], null, Environment, null);

    private static Process NewNamespace()
    {
        var process = Command.Start("unshare", ["--net", "sleep", "3600"]);
        Eventually.True(() => ProcessTable.Exists(process.Id) && ProcessTable.Name(process.Id) == "sleep", "a namespace is there");
        return process;
    }
}

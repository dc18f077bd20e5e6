using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Hardening;

/// <summary>Rarer parts of the specification, each by what the kernel then says inside the container.</summary>
public sealed unsafe partial class SpecificationTests
{
    [Theory]
    [InlineData("""{"process":{"oomScoreAdj":321}}""", "cat /proc/self/oom_score_adj", "321")]
    [InlineData("""{"process":{"scheduler":{"policy":"SCHED_BATCH","nice":3}}}""", "grep -E '^(policy|prio) ' /proc/self/sched | grep -oE '[0-9]+$'", "3\n123")]
    [InlineData("""{"process":{"user":{"uid":7,"gid":8,"umask":63,"additionalGids":[9]}}}""", "id -u; id -g; umask; grep Groups /proc/self/status", "7\n8\n0077\nGroups:\t9 ")]
    [InlineData("""{"linux":{"personality":{"domain":"LINUX32"}}}""", "uname -m", "i686")]
    [InlineData("""{"linux":{"memoryPolicy":{"mode":"MPOL_BIND","nodes":"0"}}}""", "grep -m1 -o bind:0 /proc/self/numa_maps", "bind:0")]
    [InlineData("""{"linux":{"rootfsPropagation":"private"},"domainname":"example.net"}""", "cat /proc/sys/kernel/domainname", "example.net")]
    public void Setting_IsWhatTheKernelSays(string change, string script, string expected)
    {
        using var bundle = new OciBundle();
        Merge(bundle.Config, JsonNode.Parse(change)!.AsObject());

        Assert.Equal(expected, bundle.Run(script).ShouldSucceed().Text);
    }

    [Fact]
    public void TimeNamespace_HasItsOffsets()
    {
        using var bundle = new OciBundle();
        bundle.Linux["namespaces"]!.AsArray().Add(JsonNode.Parse("""{"type": "time"}"""));
        bundle.Linux["timeOffsets"] = JsonNode.Parse("""{"boottime": {"secs": 100000000}}""");

        var uptime = bundle.Run("cat /proc/uptime").ShouldSucceed().Text;

        Assert.True(double.Parse(uptime.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) > 100000000, uptime);
    }

    [Fact]
    public void MappedIds_ShowInTheMountAndNotOnDisk()
    {
        using var bundle = new OciBundle();
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(bundle.Directory, "source")).FullName, "file");
        File.WriteAllText(file, "");
        Command.Run("chown", "1000:2000", file).ShouldSucceed();
        const string maps = """ "uidMappings": [{"containerID": 1000, "hostID": 5, "size": 1}], "gidMappings": [{"containerID": 2000, "hostID": 6, "size": 1}] """;
        bundle.Mount("{" + """ "destination": "/data", "type": "bind", "source": "source", "options": ["rbind", "ridmap"], """ + maps + "}");

        Assert.Equal("5:6", bundle.Run("stat -c %u:%g /data/file").ShouldSucceed().Text);
        Assert.Equal("1000:2000", Command.Run("stat", "-c", "%u:%g", file).Text);
    }

    [Fact]
    public void CopiedUpTmpfs_HasEverythingBelowItWithItsOwnersAndModes()
    {
        using var bundle = new OciBundle();
        Directory.CreateDirectory(bundle.InRoot("data/a/b"));
        File.WriteAllText(bundle.InRoot("data/a/b/file"), new string('x', 100_000));
        File.CreateSymbolicLink(bundle.InRoot("data/link"), "a/b/file");
        Command.Run("sh", "-c", $"cd {bundle.InRoot("data")} && chown 12:34 a/b/file && chmod 4711 a/b/file && chmod 1777 a && mkfifo fifo").ShouldSucceed();
        const string look = "cd /data && stat -c '%n %u:%g %a %s %F' a a/b a/b/file fifo && cat link | md5sum; echo new > /data/a/new";
        var expected = bundle.Run(look).Text;
        File.Delete(bundle.InRoot("data/a/new"));
        bundle.Mount("""{"destination": "/data", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup"]}""");

        var result = bundle.Run(look).ShouldSucceed().Text;

        Assert.Equal(Sizeless(expected), Sizeless(result));
        Assert.False(File.Exists(bundle.InRoot("data/a/new")));

        // Directories have other sizes on other filesystems.
        static string Sizeless(string text) => string.Join('\n', text.Split('\n').Select(line => line.Contains("directory", StringComparison.Ordinal) ? string.Join(' ', line.Split(' ')[..3]) : line));
    }

    [Fact]
    public void CopiedLink_IsALinkAndRemountChangesFlags()
    {
        using var bundle = new OciBundle();
        var link = Path.Combine(bundle.Directory, "link");
        File.CreateSymbolicLink(link, "/some/where");
        bundle.Mount($$"""{"destination": "/etc/link", "type": "bind", "source": "{{link}}", "options": ["bind", "copy-symlink"]}""");
        bundle.Mount("""{"destination": "/run", "type": "tmpfs", "source": "tmpfs"}""");
        bundle.Mount("""{"destination": "/run", "type": "tmpfs", "options": ["remount", "size=2m", "noexec"]}""");

        var lines = bundle.Run("readlink /etc/link; grep ' /run ' /proc/mounts").ShouldSucceed().Lines;

        Assert.Equal("/some/where", lines[0]);
        Assert.Contains("noexec", lines[1], StringComparison.Ordinal);
        Assert.Contains("size=2048k", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void NetworkDevice_MovesWithItsAddressUnderItsNewName()
    {
        using var bundle = new OciBundle();
        const string add = "ip link add vitrine-t0 type veth peer name vitrine-t1 && ip addr add 192.0.2.7/24 dev vitrine-t0";
        bundle.Linux["netDevices"] = JsonNode.Parse("""{"vitrine-t0": {"name": "inside"}, "vitrine-t1": {"name": "more%d"}}""");
        string[] own = ["unshare", "--net", "sh", "-c", $"{add} && \"$@\" && ip -o link", "sh"];

        var text = bundle.Run("echo INSIDE; ip -o addr; ip -o link; echo OUTSIDE", own).ShouldSucceed().Text;
        var inside = text.Split("INSIDE")[1].Split("OUTSIDE")[0];

        Assert.Matches("inside +inet 192.0.2.7/24", inside);
        Assert.Matches("more0[@a-z]*: <[A-Z,_]*UP", inside);
        Assert.DoesNotContain("vitrine-t", text.Split("OUTSIDE")[1], StringComparison.Ordinal);
    }

    [Fact]
    public void NetworkDevice_ThatIsNotThere_IsNamed()
    {
        using var bundle = new OciBundle();
        bundle.Linux["netDevices"] = JsonNode.Parse("""{"vitrine-none": {}}""");

        Assert.Contains("linux.netDevices.vitrine-none", bundle.Run("true").Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public void SeccompAgent_GetsTheStateAndDecides()
    {
        using var bundle = new OciBundle();
        var path = Path.Combine(bundle.Directory, "agent");
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        server.Bind(new UnixDomainSocketEndPoint(path));
        server.Listen();
        bundle.Linux["seccomp"] = JsonNode.Parse("""
            {"defaultAction": "SCMP_ACT_ALLOW", "listenerMetadata": "what I want", "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_NOTIFY"}]}
            """);
        bundle.Linux["seccomp"]!["listenerPath"] = path;
        string? state = null;
        var agent = new Thread(() => state = AnswerOnce(server, error: 95));
        agent.Start();

        var result = bundle.Run("mkdir /tmp/x");
        Assert.True(agent.Join(TimeSpan.FromSeconds(30)), "the agent was not asked");

        Assert.Contains("Operation not supported", result.Stderr, StringComparison.Ordinal);
        var json = JsonNode.Parse(state!)!;
        Assert.Equal("what I want", (string?)json["metadata"]);
        Assert.Equal("seccompFd", (string?)json["fds"]![0]);
        Assert.Equal(bundle.Directory, (string?)json["state"]!["bundle"]);
        Assert.Equal("creating", (string?)json["state"]!["status"]);
    }

    [Theory]
    [InlineData("/proc/self/ns/mnt")]
    [InlineData("/proc/1/ns/mnt")]
    public void MountNamespace_OfTheHost_IsNotJoined(string path)
    {
        using var bundle = new OciBundle();
        bundle.Linux["namespaces"]!.AsArray().Single(item => (string)item!["type"]! == "mount")!["path"] = path;

        // Where the first process has rights that the tests have not, its namespace cannot be opened at all.
        var refused = path == "/proc/1/ns/mnt" && !OwnsFirstProcess() ? "EACCES" : "the host's mount namespace";
        Assert.Contains(refused, bundle.Run("true").Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"defaultAction": "SCMP_ACT_NOTIFY"}""", 20)]
    [InlineData("""{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["sendmsg", "write", "close", "wait4", "execve"], "action": "SCMP_ACT_NOTIFY"}]}""", 3)]
    public void SeccompAgent_MayBeAskedForWhatSetsUpTheProcess(string seccomp, int least)
    {
        using var bundle = new OciBundle();
        var path = Path.Combine(bundle.Directory, "agent");
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        server.Bind(new UnixDomainSocketEndPoint(path));
        server.Listen();
        bundle.Linux["seccomp"] = JsonNode.Parse(seccomp);
        bundle.Linux["seccomp"]!["listenerPath"] = path;
        var asked = 0;
        var agent = new Thread(() => asked = AllowAll(server));
        agent.Start();

        var result = bundle.Run("echo went on; cd /proc; echo [0-9]*");
        Assert.True(agent.Join(TimeSpan.FromSeconds(30)), "the agent was not told of the container's end");

        // Nothing of the runtime's is left beside the command.
        Assert.Equal("went on\n1\n", result.Stdout);
        Assert.True(asked >= least, $"the agent was asked {asked} times");
    }

    private static bool OwnsFirstProcess() => Command.Run("stat", "-L", "/proc/1/ns/mnt").ExitCode == 0;

    /// <summary>Takes one listener and lets everything go on until nothing is left that asks.</summary>
    private static int AllowAll(Socket server)
    {
        using var connection = server.Accept();
        var listener = Receive(connection, out _);
        var notification = stackalloc byte[80];
        var answer = stackalloc long[3];
        for (var count = 0; ; count++)
        {
            var item = new PollItem(listener, 1);
            if (Poll(&item, 1, 30_000) != 1 || (item.Found & 1) == 0)
                return count;
            new Span<byte>(notification, 80).Clear();
            // It may have gone meanwhile; SECCOMP_USER_NOTIF_FLAG_CONTINUE is the high half of the answer's last word.
            if (Control(listener, 0xC0502100, notification) != 0)
                continue;
            (answer[0], answer[1], answer[2]) = (*(long*)notification, 0, 1L << 32);
            Control(listener, 0xC0182101, answer);
        }
    }

    /// <summary>Takes one listener, reads the state, and answers the first notification with an error.</summary>
    private static string AnswerOnce(Socket server, int error)
    {
        using var connection = server.Accept();
        var listener = Receive(connection, out var state);
        var notification = stackalloc byte[80];
        new Span<byte>(notification, 80).Clear();
        Control(listener, 0xC0502100, notification);
        var answer = stackalloc long[3] { *(long*)notification, 0, -error & 0xFFFFFFFF };
        Control(listener, 0xC0182101, answer);
        return state;
    }

    private static int Receive(Socket connection, out string state)
    {
        var text = stackalloc byte[4096];
        var control = stackalloc byte[32];
        var part = stackalloc nint[2] { (nint)text, 4096 };
        var header = stackalloc nint[7] { 0, 0, (nint)part, 1, (nint)control, 32, 0 };
        var length = ReceiveMessage((int)connection.Handle, header, 0);
        state = System.Text.Encoding.UTF8.GetString(text, (int)length);
        return *(int*)(control + 16);
    }

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (name, value) in from)
            if (value is JsonObject inner && into[name] is JsonObject there)
                Merge(there, inner);
            else
                into[name] = value!.DeepClone();
    }

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(int socket, nint* message, int flags);

    private struct PollItem(int descriptor, short wanted)
    {
        public int Descriptor = descriptor;
        public short Wanted = wanted;
        public short Found;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollItem* items, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, void* argument);
}

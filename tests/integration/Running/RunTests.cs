using Xunit;

namespace Vitrine.Tests.Integration.Running;

/// <summary>vitrine run: what goes in, what comes out, and the exit codes.</summary>
public sealed class RunTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -TERM $$", 143)]
    public void Run_ExitCode_IsTheCommands(string script, int expected) =>
        // A shell as process 1 ignores signals without a handler: --init puts it one below.
        box.Vitrine("run", "--rm", "--init", "busybox", "sh", "-c", script).ShouldExit(expected);

    [Fact]
    public void Run_Output_KeepsStdoutAndStderrApart()
    {
        var result = box.Vitrine("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2").ShouldSucceed();

        Assert.Equal("out\n", result.Stdout);
        Assert.Contains("err\n", result.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_LargeOutput_ArrivesWhole()
    {
        var result = box.Vitrine("run", "--rm", "busybox", "sh", "-c", "seq 1 200000").ShouldSucceed();

        Assert.Equal(200000, result.Lines.Length);
        Assert.Equal("200000", result.Lines[^1]);
    }

    [Fact]
    public void Run_Interactive_PassesStdinAndItsEnd() =>
        Assert.Equal("5", box.VitrineWithInput("hello", "run", "--rm", "-i", "busybox", "wc", "-c").ShouldSucceed().Text.Trim());

    [Fact]
    public void Run_WithoutInteractive_HasEmptyStdin() =>
        Assert.Equal("0", box.VitrineWithInput("hello", "run", "--rm", "busybox", "wc", "-c").ShouldSucceed().Text.Trim());

    [Fact]
    public void Run_EnvironmentAndFile_AreSet()
    {
        var file = Path.Combine(box.Files, "env");
        File.WriteAllText(file, "# comment\nFROM_FILE=a b\n");

        var lines = box.Ok("run", "--rm", "-e", "DIRECT=x=y", "--env-file", file, "busybox", "env").Split('\n');

        Assert.Contains("DIRECT=x=y", lines);
        Assert.Contains("FROM_FILE=a b", lines);
        Assert.Contains("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", lines);
        Assert.Contains("HOME=/root", lines);
    }

    [Theory]
    [InlineData("1000", "uid=1000(user) gid=1000(user) groups=1000(user),29(audio),44(video)")]
    [InlineData("user", "uid=1000(user) gid=1000(user) groups=1000(user),29(audio),44(video)")]
    [InlineData("user:audio", "uid=1000(user) gid=29(audio) groups=29(audio)")]
    [InlineData("7:8", "uid=7 gid=8 groups=8")]
    public void Run_User_IsLookedUpInTheImage(string user, string expected) =>
        Assert.Equal(Normal(expected), Normal(box.Ok("run", "--rm", "-u", user, "busybox", "id")));

    [Fact]
    public void Run_UnknownUser_IsRefusedByName() =>
        box.Vitrine("run", "--rm", "-u", "ghost", "busybox", "id").ShouldFail(125, "ghost");

    [Fact]
    public void Run_WorkingDirectory_IsMadeWhenMissing() =>
        Assert.Equal("/new/place", box.Ok("run", "--rm", "-w", "/new/place", "busybox", "pwd"));

    [Fact]
    public void Run_Entrypoint_ReplacesTheImages() =>
        Assert.Equal("a b", box.Ok("run", "--rm", "--entrypoint", "echo", "busybox", "a", "b"));

    [Fact]
    public void Run_Hostname_IsSetInItsOwnNamespace()
    {
        Assert.Equal("glass", box.Ok("run", "--rm", "--hostname", "glass", "busybox", "hostname"));
        Assert.NotEqual("glass", System.Environment.MachineName);
    }

    [Fact]
    public void Run_CommandFlags_BelongToTheCommand() =>
        Assert.Equal("-d --rm", box.Ok("run", "--rm", "busybox", "echo", "-d", "--rm"));

    [Fact]
    public void Run_CidFile_HoldsTheId()
    {
        var file = Path.Combine(box.Files, "cid");

        var id = box.Ok("run", "-d", "--cidfile", file, "busybox", "true");

        Assert.Equal(id, File.ReadAllText(file));
        Assert.Matches("^[0-9a-f]{64}$", id);
        box.Vitrine("run", "--cidfile", file, "busybox", "true").ShouldFail(125, file);
    }

    [Fact]
    public void Run_ReadOnly_RefusesWritesButForTmpfs()
    {
        box.Vitrine("run", "--rm", "--read-only", "busybox", "touch", "/x").ShouldFail(1, "Read-only file system");
        box.Ok("run", "--rm", "--read-only", "--tmpfs", "/scratch:size=1m", "busybox", "touch", "/scratch/x");
    }

    [Fact]
    public void Run_BindMounts_ShareWithTheHost()
    {
        var source = Directory.CreateDirectory(Path.Combine(box.Files, "shared")).FullName;
        File.WriteAllText(Path.Combine(source, "in"), "from host");

        Assert.Equal("from host", box.Ok("run", "--rm", "-v", $"{source}:/mnt", "busybox", "sh", "-c", "cat /mnt/in; echo made > /mnt/out"));
        Assert.Equal("made\n", File.ReadAllText(Path.Combine(source, "out")));
        box.Vitrine("run", "--rm", "-v", $"{source}:/mnt:ro", "busybox", "touch", "/mnt/no").ShouldFail(1, "Read-only");
        box.Vitrine("run", "--rm", "--mount", $"type=bind,src={source},dst=/mnt,readonly", "busybox", "touch", "/mnt/no").ShouldFail(1, "Read-only");
    }

    [Fact]
    public void Run_NamedVolume_OutlivesTheContainer()
    {
        box.Ok("run", "--rm", "-v", "kept:/data", "busybox", "sh", "-c", "echo 1 > /data/file");

        Assert.Equal("1", box.Ok("run", "--rm", "--mount", "type=volume,source=kept,target=/data", "busybox", "cat", "/data/file"));
    }

    [Fact]
    public void Run_Twice_SeesACleanRootEachTime()
    {
        box.Ok("run", "--rm", "busybox", "touch", "/made-here");

        box.Vitrine("run", "--rm", "busybox", "test", "-e", "/made-here").ShouldExit(1);
    }

    [Fact]
    public void Run_ShmSizeAndSysctl_AreApplied()
    {
        Assert.Contains("8192", box.Ok("run", "--rm", "--shm-size", "8m", "busybox", "df", "-k", "/dev/shm"), StringComparison.Ordinal);
        Assert.Equal("1", box.Ok("run", "--rm", "--sysctl", "net.ipv4.ip_forward=1", "busybox", "cat", "/proc/sys/net/ipv4/ip_forward"));
    }

    [Fact]
    public void Run_AddHostAndDns_AreWritten()
    {
        var hosts = box.Ok("run", "--rm", "--add-host", "db:10.1.2.3", "--dns", "10.9.9.9", "busybox", "cat", "/etc/hosts", "/etc/resolv.conf");

        Assert.Matches(@"10\.1\.2\.3\s+db", hosts);
        Assert.Contains("nameserver 10.9.9.9", hosts, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_DefaultNetwork_IsABridge_AndNoneIsLoopbackOnly()
    {
        Assert.Equal("eth0\nlo", box.Ok("run", "--rm", "busybox", "ls", "/sys/class/net"));
        Assert.Equal("lo", box.Ok("run", "--rm", "--network", "none", "busybox", "ls", "/sys/class/net"));
    }

    [Fact]
    public void Run_Rootfs_NeedsNoImage()
    {
        var rootfs = Directory.CreateDirectory(Path.Combine(box.Files, "rootfs", "bin")).Parent!.FullName;
        File.Copy("/bin/busybox", Path.Combine(rootfs, "bin", "busybox"));

        Assert.Equal("plain", box.Ok("run", "--rm", "--rootfs", rootfs, "/bin/busybox", "echo", "plain"));
    }

    [Fact]
    public void Run_Device_IsThereAndAllowed()
    {
        box.Vitrine("run", "--rm", "busybox", "test", "-e", "/dev/kmsg").ShouldExit(1);
        Assert.Equal("1 b", box.Ok("run", "--rm", "--device", "/dev/kmsg:/dev/log-of-kernel", "busybox", "stat", "-c", "%t %T", "/dev/log-of-kernel"));
    }

    [Fact]
    public void Run_Init_ReapsAndForwards()
    {
        // The orphan's parent becomes process 1, which must collect it.
        var states = box.Ok("run", "--rm", "--init", "busybox", "sh", "-c",
            "(sleep 0.1 &); n=0; while ps -o stat,args | grep -Eq '^Z|[s]leep 0[.]1$' && [ $n -lt 100 ]; do n=$((n + 1)); usleep 100000; done; ps -o stat").Split('\n');

        Assert.DoesNotContain(states, state => state.StartsWith('Z'));
        Assert.True(states.Length >= 3, "the init, the shell and ps are there");
    }

    private static string Normal(string id) =>
        // The order of supplementary groups has no meaning.
        id.Split("groups=") is [var front, var groups] ? $"{front}groups={string.Join(',', groups.Split(',').Order())}" : id;
}

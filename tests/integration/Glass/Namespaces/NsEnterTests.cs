using System.Diagnostics;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Glass.Namespaces;

/// <summary>A process of no engine that is in eight namespaces of its own, with the root and the place of a chroot.</summary>
public sealed class NamespaceHouse : IDisposable
{
    private readonly Process _starter;

    public NamespaceHouse()
    {
        Need.Root();
        Need.Program("nsenter", "util-linux");
        Directory = System.IO.Directory.CreateTempSubdirectory("vitrine-ns-").FullName;
        System.IO.Directory.CreateDirectory($"{Directory}/root/place");
        System.IO.Directory.CreateDirectory($"{Directory}/root/proc");
        File.Copy("/bin/busybox", $"{Directory}/root/busybox");
        // Seen from the host it is the child of unshare that became its command.
        _starter = Command.Start("unshare", ["-muinpCT", "--fork", "--kill-child", "-r", "sh", "-c",
            $"hostname house; mount -t proc proc {Directory}/root/proc; exec env VERY=own /usr/sbin/chroot {Directory}/root /busybox sh -c 'cd /place; echo ready; read line'"]);
        Assert.Equal("ready", _starter.StandardOutput.ReadLine());
        Pid = int.Parse(File.ReadAllText($"/proc/{_starter.Id}/task/{_starter.Id}/children").Trim());
    }

    /// <summary>Its host pid.</summary>
    public int Pid { get; }

    public string Directory { get; }

    public void Dispose()
    {
        _starter.Kill();
        _starter.WaitForExit();
        _starter.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}

/// <summary><c>vitrine ns enter</c> does what nsenter(1) does: the same options, and the command finds itself in the same surroundings.</summary>
public sealed class NsEnterTests(NamespaceHouse house, BusyboxSandbox box) : IClassFixture<NamespaceHouse>, IClassFixture<BusyboxSandbox>
{
    public static TheoryData<string> Flags =>
    [
        "-a", "-m", "-u", "-i", "-n", "-p", "-C", "-U", "-T", "-m -u", "-p -F", "-U --preserve-credentials", "-U -n -S 0 -G 0",
        "-w", "-w/tmp -m", "-m -W /usr", "-a -W /tmp", "-n -S 33", "-n -G 33", "-i -S 5 -G 6", "-a --preserve-credentials",
    ];

    [Theory]
    [MemberData(nameof(Flags))]
    public void Command_IsInTheSameSurroundings(string flags)
    {
        var (theirs, ours) = NamespaceProbe.Both("nsenter", "enter", ["-t", $"{house.Pid}", .. Words(flags)], "sh", "-c", NamespaceProbe.Absolute);

        theirs.ShouldSucceed();
        ours.ShouldSucceed();
        Assert.Equal(theirs.Text, ours.Text);
    }

    [Theory]
    [InlineData("-a -r -w")]
    [InlineData("-a -r")]
    [InlineData("-r")]
    [InlineData("-m -r -W /place")]
    public void Command_HasTheSameRoot(string flags)
    {
        const string probe = "/busybox pwd; cd /; echo *; /busybox stat -c %d:%i . ; echo $HOME";
        var (theirs, ours) = NamespaceProbe.Both("nsenter", "enter", ["-t", $"{house.Pid}", .. Words(flags)], "/busybox", "sh", "-c", probe);

        Assert.Equal(theirs.ShouldSucceed().Text, ours.ShouldSucceed().Text);
    }

    [Fact]
    public void Files_StandForNamespaces()
    {
        foreach (var kinds in new string[][] { ["net"], ["uts", "ipc"], ["user", "net"], ["user", "mount", "uts"], ["pid"] })
        {
            string[] flags = [.. kinds.Select(kind => $"--{kind}=/proc/{house.Pid}/ns/{(kind == "mount" ? "mnt" : kind)}")];
            var (theirs, ours) = NamespaceProbe.Both("nsenter", "enter", flags, "sh", "-c", NamespaceProbe.Absolute);
            Assert.Equal(theirs.ShouldSucceed().Text, ours.ShouldSucceed().Text);
        }
    }

    [Fact]
    public void Everything_IsEnteredWhereNothingIsNamed()
    {
        var text = Ours($"{house.Pid}", "/busybox", "sh", "-c", "pwd; hostname; echo $$ >/dev/null; readlink /proc/self/ns/net; readlink /proc/self/root").ShouldSucceed().Lines;

        Assert.Equal("/place", text[0]);
        Assert.Equal("house", text[1]);
        Assert.Equal(ProcessTable.Namespace(house.Pid, "net"), text[2]);
    }

    [Fact]
    public void Environment_IsTheTargetsWhereAsked()
    {
        Assert.Contains("VERY=own", Ours($"{house.Pid}", "-u", "--env", "env").ShouldSucceed().Lines);
        Assert.DoesNotContain("VERY=own", Ours($"{house.Pid}", "-u", "env").ShouldSucceed().Lines);
    }

    [Fact]
    public void Container_IsFoundByItsName()
    {
        box.Ok("run", "-d", "--name", "entered", "--hostname", "inside", "busybox", "sleep", "600");
        var pid = box.Pid("entered");

        Assert.Equal("inside", box.Ok("ns", "enter", "entered", "--", "hostname"));
        Assert.Equal("inside", box.Ok("ns", "enter", "entered", "--uts", "--", "hostname"));
        Assert.Equal(ProcessTable.Namespace(pid, "net"), box.Ok("ns", "enter", "-t", "entered", "-n", "readlink", "/proc/self/ns/net"));
        Assert.Equal("Uid:\t0\t0\t0\t0", box.Ok("ns", "enter", "entered", "grep", "Uid", "/proc/self/status"));
        box.Ok("rm", "-f", "entered");
        box.Vitrine("ns", "enter", "entered", "true").ShouldFail(1, "entered");
    }

    [Theory]
    [InlineData("exit 9")]
    [InlineData("kill -TERM $$")]
    public void Command_EndsBothTheSameWay(string script)
    {
        foreach (var flags in new string[][] { ["-n"], ["-p"] })
        {
            var (theirs, ours) = NamespaceProbe.Both("nsenter", "enter", ["-t", $"{house.Pid}", .. flags], "sh", "-c", script);
            ours.ShouldExit(theirs.ExitCode);
        }
    }

    [Theory]
    [InlineData(127, "no-such-command")]
    [InlineData(126, "/etc/passwd")]
    public void Command_ThatCannotBeExecuted_HasTheSameExitCode(int code, string command)
    {
        var (theirs, ours) = NamespaceProbe.Both("nsenter", "enter", ["-t", $"{house.Pid}", "-n"], command);

        theirs.ShouldExit(code);
        ours.ShouldFail(code, command);
    }

    [Fact]
    public void Terminal_IsTheCallersOwn()
    {
        Need.Program("script", "util-linux");
        const string probe = "sh -c 'test -t 0 && test -t 1 && stty size </dev/tty'";
        var ours = Command.Run("script", "-qec", $"stty rows 31 cols 97; {Repository.Binary("vitrine-glass")} ns enter {house.Pid} -p -n {probe}", "/dev/null").ShouldSucceed();

        Assert.Equal("31 97", ours.Text.Trim());
    }

    [Fact]
    public void Wrong_IsNamed()
    {
        Ours("nobody-of-this-name", "true").ShouldFail(1, "nobody-of-this-name");
        Ours("999999999", "-n", "true").ShouldFail(1, "999999999");
        Ours("--net=/etc/passwd", "true").ShouldFail(1, "/etc/passwd");
        Ours($"{Environment.ProcessId}", "-U", "true").ShouldFail(1, "user");
        Ours("-n").ShouldFail(1, "name the container or process");
    }

    private static string[] Words(string flags) => flags.Replace("-w/tmp", "--wd=/tmp").Split(' ');

    private static CommandResult Ours(params string[] arguments) => Command.Run(Repository.Binary("vitrine-glass"), ["ns", "enter", .. arguments]);
}

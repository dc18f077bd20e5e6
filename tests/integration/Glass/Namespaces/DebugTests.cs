using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Glass.Namespaces;

/// <summary><c>vitrine debug</c>: tools in a container's namespaces, of which the container sees nothing.</summary>
public sealed class DebugTests(NamespaceHouse house, BusyboxSandbox box) : IClassFixture<NamespaceHouse>, IClassFixture<BusyboxSandbox>
{
    [Fact]
    public void HostTools_WorkInANamespaceWithNothingInIt()
    {
        // The house has a root with busybox and nothing else: no shell, no library, no /dev, no /etc.
        var lines = Glass("debug", $"{house.Pid}", "--", "bash", "-c",
            "hostname; readlink /proc/self/ns/net; pwd; ls -A; ps -o pid=,comm= -p 1; stat -f -c %T /proc; ls /sys/class/net; echo x >/tmp/x && cat /tmp/x; test -c /dev/null && echo null").ShouldSucceed().Lines;

        Assert.Equal(["house", ProcessTable.Namespace(house.Pid, "net"), "/container", "busybox", "place", "proc"], lines[..6]);
        Assert.Equal("1 busybox", lines[6].Trim());
        Assert.Equal(["proc", "lo", "x", "null"], lines[7..]);
    }

    [Fact]
    public void Container_SeesNothing_WhileItRunsAndAfter()
    {
        box.Ok("run", "-d", "--name", "debug-seen", "--read-only", "busybox", "sleep", "600");
        var pid = box.Pid("debug-seen");
        var (mounts, files) = (Mounts(pid), Files("debug-seen"));

        using (var debug = box.Start("debug", "debug-seen", "--", "bash", "-c", "mount -t tmpfs none /container/etc && touch /container/etc/x && mkdir /tmp/d && mount -t tmpfs none /tmp/d && echo ready; read line; echo $line"))
        {
            Assert.Equal("ready", debug.StandardOutput.ReadLine());
            Assert.Equal(mounts, Mounts(pid));
            box.Ok("exec", "debug-seen", "test", "!", "-e", "/etc/x");
            debug.StandardInput.WriteLine("done");
            Assert.Equal("done", debug.StandardOutput.ReadLine());
            Assert.True(debug.WaitForExit(60_000));
            Assert.Equal(0, debug.ExitCode);
        }

        Assert.Equal(mounts, Mounts(pid));
        Assert.Equal(files, Files("debug-seen"));
        Assert.Equal("", box.Ok("diff", "debug-seen"));
        Assert.DoesNotContain("container", string.Join('\n', File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4])).Split('/'));
        box.Ok("rm", "-f", "debug-seen");
    }

    [Fact]
    public void Files_AreTheContainersOwn()
    {
        box.Ok("run", "-d", "--name", "debug-filed", "busybox", "sh", "-c", "echo inside >/made; sleep 600");
        Eventually.Equal("inside", () => box.Vitrine("debug", "debug-filed", "--", "cat", "/container/made").Text, 60);

        Assert.Equal(box.Ok("exec", "debug-filed", "cat", "/etc/hosts"), box.Ok("debug", "debug-filed", "--", "cat", "/etc/hosts"));
        Assert.Equal("33", box.Ok("debug", "debug-filed", "-e", "A=33", "--", "sh", "-c", "echo $A"));
        box.Ok("debug", "debug-filed", "--", "sh", "-c", "echo changed >/container/made");
        Assert.Equal("changed", box.Ok("exec", "debug-filed", "cat", "/made"));
        box.Ok("rm", "-f", "debug-filed");
    }

    [Fact]
    public void AsContainer_IsConfinedAsItIs()
    {
        box.Ok("run", "-d", "--name", "debug-confined", "--user", "33:44", "--group-add", "55", "--cap-drop", "CHOWN", "--security-opt", "no-new-privileges", "busybox", "sleep", "600");
        var pid = box.Pid("debug-confined");
        string[] fields = ["Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp"];

        var confined = box.Ok("debug", "--as-container", "debug-confined", "--", "cat", "/proc/self/status");
        var free = box.Ok("debug", "debug-confined", "--", "cat", "/proc/self/status");

        Assert.All(fields, field => Assert.Equal(ProcessTable.Status(pid, field), Field(confined, field)));
        Assert.Equal(ProcessTable.Status(Environment.ProcessId, "CapEff"), Field(free, "CapEff"));
        Assert.Equal("0", Field(free, "Seccomp"));
        using (var debug = box.Start("debug", "--as-container", "debug-confined", "--", "sh", "-c", "echo ready; read line"))
        {
            Assert.Equal("ready", debug.StandardOutput.ReadLine());
            var child = File.ReadAllText($"/proc/{debug.Id}/task/{debug.Id}/children").Trim();
            Assert.Equal(File.ReadAllText($"/proc/{pid}/cgroup"), File.ReadAllText($"/proc/{child}/cgroup"));
            debug.StandardInput.Close();
            Assert.True(debug.WaitForExit(60_000));
        }

        box.Ok("rm", "-f", "debug-confined");
    }

    [Fact]
    public void Image_BringsItsToolsAndTakesChangesAlong()
    {
        box.Ok("run", "-d", "--name", "debug-imaged", "busybox", "sleep", "600");

        Assert.Equal("yes\n/container\ndebug-imaged", box.Ok("debug", "--image", "busybox", "debug-imaged", "--", "/bin/busybox", "sh", "-c", "touch /new && test ! -e /usr/bin/perl && echo yes; pwd; echo $CONTAINER"));
        box.Ok("debug", "--image", "busybox", "debug-imaged", "--", "sh", "-c", "test ! -e /new");
        box.Vitrine("debug", "--image", "nothing-of-this-name", "debug-imaged").ShouldFail(1, "nothing-of-this-name");
        box.Ok("rm", "-f", "debug-imaged");
    }

    [Theory]
    [InlineData(7, "sh", "-c", "exit 7")]
    [InlineData(143, "sh", "-c", "kill -TERM $$")]
    [InlineData(127, "no-such-command")]
    [InlineData(126, "/etc/passwd")]
    public void Command_GivesItsExitCode(int code, params string[] command) => Glass(["debug", $"{house.Pid}", "--", .. command]).ShouldExit(code);

    [Fact]
    public void Terminal_IsTheCallersOwn()
    {
        Need.Program("script", "util-linux");
        var text = Command.Run("script", "-qec", $"stty rows 31 cols 97; {Repository.Binary("vitrine-glass")} debug {house.Pid} -- sh -c 'tty && stty size </dev/tty'", "/dev/null").ShouldSucceed().Text;

        Assert.Contains("/dev/pts/", text, StringComparison.Ordinal);
        Assert.Contains("31 97", text, StringComparison.Ordinal);
    }

    [Fact]
    public void User_WithoutRights_DebugsHisOwn()
    {
        Need.Program("setpriv", "setpriv");
        var directory = Directory.CreateTempSubdirectory("vitrine-ns-").FullName;
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        foreach (var program in new[] { "vitrine-glass", "vitrine-shim" })
            File.Copy(Repository.Binary(program), Path.Combine(directory, program));
        string[] user = ["--reuid", "4321", "--regid", "4321", "--clear-groups", Path.Combine(directory, "vitrine-glass")];
        using var run = Command.Start("setpriv", [.. user, "ns", "run", "-rmnpuf", "--kill-child", "--mount-proc", "--hostname", "own", "sh", "-c", "echo ready; read line"]);
        Assert.Equal("ready", run.StandardOutput.ReadLine());
        var pid = int.Parse(File.ReadAllText($"/proc/{run.Id}/task/{run.Id}/children").Trim());

        var lines = Command.Run("setpriv", [.. user, "debug", $"{pid}", "--", "sh", "-c", "hostname; id -u; ps -o pid= -p 1; ls -d /container/usr"]).ShouldSucceed().Lines;

        Assert.Equal(["own", "0", "1", "/container/usr"], lines.Select(line => line.Trim()));
        Command.Run("setpriv", [.. user, "debug", $"{Environment.ProcessId}", "--", "true"]).ShouldFail(1, "run as root");
        run.StandardInput.Close();
        Assert.True(run.WaitForExit(60_000));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void Wrong_IsNamed()
    {
        Glass("debug", "nobody-of-this-name").ShouldFail(1, "nobody-of-this-name");
        Glass("debug", "--image", "x", "--host-tools", "1").ShouldFail(1, "contradict");
        Glass("debug", $"{house.Pid}", "-w", "/no/such/place", "--", "true").ShouldFail(1, "/no/such/place");
        Assert.Contains("pivot_root", Glass("debug", "--explain", $"{house.Pid}").ShouldSucceed().Stdout, StringComparison.Ordinal);
    }

    private static string Field(string status, string name) =>
        status.Split('\n').First(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..].Trim();

    private static string Mounts(int pid) => File.ReadAllText($"/proc/{pid}/mountinfo");

    private string Files(string container) => box.Ok("exec", container, "find", "/", "-xdev");

    private static CommandResult Glass(params string[] arguments) => Command.Run(Repository.Binary("vitrine-glass"), arguments);
}

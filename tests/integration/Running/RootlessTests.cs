using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Running;

/// <summary>
/// vitrine-oci as a user without any rights. The user, and the ranges of ids that are his, exist only in a mount namespace of the
/// test's own. Which machine it is decides nothing: no cgroup of it is his.
/// </summary>
public sealed class RootlessTests : IDisposable
{
    private const string Own = """{"containerID": 0, "hostID": 4321, "size": 1}""";
    private const string Range = """{"containerID": 1, "hostID": 200000, "size": 65536}""";
    private readonly string _directory = Directory.CreateTempSubdirectory("vitrine-rootless-").FullName;

    public RootlessTests()
    {
        Need.Root();
        Need.Program("newuidmap", "uidmap");
        Need.Program("setpriv", "setpriv");
        Shell($"""
            chmod 755 {_directory} && cd {_directory} && mkdir -p run b/rootfs/bin b/rootfs/proc b/rootfs/sys b/rootfs/dev b/rootfs/tmp
            cp {Repository.Binary("vitrine-oci")} oci && cp {Repository.Binary("vitrine-shim")} . && cp /bin/busybox b/rootfs/bin/
            for applet in sh id cat ls touch chown sleep stat echo; do ln -s busybox b/rootfs/bin/$applet; done
            echo 4321:200000:65536 >subid && (cat /etc/passwd; echo u4321:x:4321:4321::/tmp:/bin/sh) >passwd
            chown -R 4321:4321 run b
            """).ShouldSucceed();
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Run_OwnIdAlone_IsRootInside()
    {
        Write(Own, "id -u; cat /proc/self/uid_map /proc/self/setgroups; echo x >/dev/null && echo null; ls -d /sys/class; touch /sys/x || echo kept");

        var run = User("$oci run a").ShouldSucceed();

        Assert.Equal(["0", "0 4321 1", "deny", "null", "/sys/class", "kept"], run.Lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        Assert.Contains("the container has no cgroup of its own", run.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_RangesOfSubuid_AreMappedByTheHelpers()
    {
        Write($"{Own}, {Range}", "touch /tmp/f && chown 1000:1000 /tmp/f && stat -c %u:%g /tmp/f", more: """ "capabilities": {"bounding": ["CAP_CHOWN"], "effective": ["CAP_CHOWN"], "permitted": ["CAP_CHOWN"]},""");

        Assert.Equal("1000:1000", User("$oci run a").ShouldSucceed().Text);
        Assert.Equal("200999:200999", Shell($"stat -c %u:%g {_directory}/b/rootfs/tmp/f").Text);
    }

    [Fact]
    public void Run_RangesOfOthers_AreRefusedWithTheWayOut()
    {
        Write($$"""{{Own}}, {"containerID": 1, "hostID": 500000, "size": 10}""", "id");

        User("$oci run a").ShouldFail(1, "newuidmap").ShouldFail(1, "/etc/subuid");
    }

    [Theory]
    [InlineData("""{"pids": {"limit": 5}}""", "", "cannot set pids limit")]
    [InlineData("{}", """, "cgroupsPath": "/x/y" """, "denied")]
    public void Run_CgroupThatIsAskedForAndNotAllowed_IsAnError(string resources, string path, string reason)
    {
        Write(Own, "id", resources, path);

        User("$oci run a").ShouldFail(1, reason);
        Assert.Equal("", User("ls $XDG_RUNTIME_DIR/vitrine-oci 2>/dev/null || true").Text);
    }

    [Fact]
    public void Exec_RunningContainer_JoinsItAndDeleteEndsIt()
    {
        Write(Own, "exec sleep 1000");

        var run = User("$oci run -d a </dev/null >/dev/null 2>&1 && $oci exec a cat /proc/self/uid_map && $oci ps --format json a && $oci delete -f a && $oci list -q");

        Assert.Equal(2, run.ShouldSucceed().Lines.Length);
        Assert.Contains("4321", run.Lines[0], StringComparison.Ordinal);
    }

    private CommandResult User(string script) => Shell($$"""
        mount --bind {{_directory}}/subid /etc/subuid && mount --bind {{_directory}}/subid /etc/subgid && mount --bind {{_directory}}/passwd /etc/passwd
        cd {{_directory}}/b && exec setpriv --reuid 4321 --regid 4321 --clear-groups env oci={{_directory}}/oci XDG_RUNTIME_DIR={{_directory}}/run sh -c '{{script}}'
        """);

    private static CommandResult Shell(string script) => Command.Run("unshare", "--mount", "--propagation", "private", "sh", "-ec", script);

    private void Write(string map, string script, string resources = "{}", string path = "", string more = "") => File.WriteAllText($"{_directory}/b/config.json", $$"""
        {"ociVersion": "1.0.2", "root": {"path": "rootfs"},
         "process": {"user": {"uid": 0, "gid": 0}, "cwd": "/", "args": ["/bin/sh", "-c", "{{script}}"], "env": ["PATH=/bin"],{{more}} "oomScoreAdj": 100},
         "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
          {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]},
          {"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["newinstance", "ptmxmode=0666", "gid=5"]},
          {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]}],
         "linux": {"uidMappings": [{{map}}], "gidMappings": [{{map}}], "resources": {{resources}}{{path}},
          "namespaces": [{"type": "user"}, {"type": "mount"}, {"type": "pid"}, {"type": "uts"}, {"type": "ipc"}] } }
        """);
}
